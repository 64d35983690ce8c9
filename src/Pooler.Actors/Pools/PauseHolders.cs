using Akka.Actor;

namespace Pooler.Actors.Pools;

/// <summary>
/// Who has paused what: the commands that paused everything and those that paused a database by name. A resume takes all of its scope back, a pause that is given up only
/// itself. Pure; the registry's.
/// </summary>
internal sealed class PauseHolders
{
    private readonly HashSet<Holder> _ofAll = [];
    private readonly SortedDictionary<string, HashSet<Holder>> _byDatabase = new(StringComparer.Ordinal);

    /// <summary>The databases that are paused by name, in order.</summary>
    public IReadOnlyCollection<string> Databases => _byDatabase.Keys;

    /// <summary>True while the pools of a database must rest.</summary>
    public bool IsPaused(string database) => _ofAll.Count > 0 || _byDatabase.ContainsKey(database);

    /// <summary>True while a database is paused by name.</summary>
    public bool IsPausedByName(string database) => _byDatabase.ContainsKey(database);

    /// <summary>A command pauses a database, or everything with null.</summary>
    public void Add(IActorRef owner, long id, string? database)
    {
        if (database is null)
        {
            _ofAll.Add(new Holder(owner, id));
            return;
        }

        if (!_byDatabase.TryGetValue(database, out var holders))
        {
            _byDatabase.Add(database, holders = []);
        }

        holders.Add(new Holder(owner, id));
    }

    /// <summary>Takes back every pause of a scope; false if there is none.</summary>
    public bool Release(string? database)
    {
        if (database is not null)
        {
            return _byDatabase.Remove(database);
        }

        var wasPaused = _ofAll.Count > 0;
        _ofAll.Clear();
        return wasPaused;
    }

    /// <summary>Takes back what one command has paused, and nothing that others have; false if it holds nothing any more.</summary>
    public bool Withdraw(IActorRef owner, long id, string? database)
    {
        if (database is null)
        {
            return _ofAll.Remove(new Holder(owner, id));
        }

        if (!_byDatabase.TryGetValue(database, out var holders) || !holders.Remove(new Holder(owner, id)))
        {
            return false;
        }

        if (holders.Count == 0)
        {
            _byDatabase.Remove(database);
        }

        return true;
    }

    private readonly record struct Holder(IActorRef Owner, long Id);
}
