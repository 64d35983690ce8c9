namespace Akka.Actor;

/// <summary>The children of one actor by name. Its user holds the lock on it, except where stated.</summary>
internal sealed class ChildrenContainer
{
    private const string NameDigits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";

    private readonly Dictionary<string, LocalActorRef> _byName = new(StringComparer.Ordinal);
    private HashSet<LocalActorRef>? _dying;
    private Dictionary<LocalActorRef, RestartStatistics>? _statistics;
    private long _unnamed;

    /// <summary>The actor stops and takes no more children.</summary>
    internal bool Closed { get; set; }

    /// <summary>Children that were told to stop and have not yet.</summary>
    internal int DyingCount => _dying?.Count ?? 0;

    internal bool Contains(string name) => _byName.ContainsKey(name);

    internal bool TryGet(string name, out LocalActorRef? child) => _byName.TryGetValue(name, out child);

    internal void Add(string name, LocalActorRef child) => _byName.Add(name, child);

    internal LocalActorRef[] ToArray()
    {
        LocalActorRef[] children = new LocalActorRef[_byName.Count];
        _byName.Values.CopyTo(children, 0);
        return children;
    }

    internal void MarkDying(LocalActorRef actor)
    {
        if (_byName.TryGetValue(actor.Path.Name, out LocalActorRef? child) && ReferenceEquals(child, actor))
        {
            (_dying ??= []).Add(actor);
        }
    }

    internal void Remove(LocalActorRef actor)
    {
        if (_byName.TryGetValue(actor.Path.Name, out LocalActorRef? child) && ReferenceEquals(child, actor))
        {
            _byName.Remove(actor.Path.Name);
            _dying?.Remove(actor);
            _statistics?.Remove(actor);
        }
    }

    /// <summary>Only the supervisor's turn calls it, so the lock guards against removals alone.</summary>
    internal RestartStatistics StatisticsOf(LocalActorRef child)
    {
        lock (this)
        {
            _statistics ??= [];
            if (!_statistics.TryGetValue(child, out RestartStatistics? statistics))
            {
                statistics = new RestartStatistics();
                _statistics.Add(child, statistics);
            }

            return statistics;
        }
    }

    /// <summary>A name nobody can have chosen: it begins with a dollar sign.</summary>
    internal string NextName()
    {
        Span<char> text = stackalloc char[16];
        int length = 0;
        text[length++] = '$';
        long rest = _unnamed++;
        do
        {
            text[length++] = NameDigits[(int)(rest & 63)];
            rest >>= 6;
        }
        while (rest > 0);

        return new string(text[..length]);
    }
}
