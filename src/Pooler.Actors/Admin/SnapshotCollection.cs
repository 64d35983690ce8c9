using System.Collections.Immutable;
using Akka.Actor;
using Pooler.Actors.Dns;
using Pooler.Actors.Stats;

namespace Pooler.Actors.Admin;

/// <summary>
/// The answers to one round of questions to pools, loops, the keeper of statistics and the name cache, in whatever order they come. Used by one actor.
/// </summary>
internal sealed class SnapshotCollection
{
    private readonly List<PoolSnapshot> _pools = [];
    private readonly List<SocketSnapshot> _clients = [];
    private readonly List<DatabaseSnapshot> _databases = [];
    private readonly HashSet<IActorRef> _silentLoops;
    private int _silentRegistries;
    private int _announcedPools;
    private bool _lacksWindow;
    private bool _lacksDns;
    private StatisticsWindow? _window;

    /// <summary>Starts a round.</summary>
    /// <param name="id">The number in its questions.</param>
    /// <param name="registries">How many answers <see cref="PoolsAnnounced"/> are expected.</param>
    /// <param name="clientSources">Who was asked for clients.</param>
    /// <param name="wantsWindow">The keeper of statistics was asked.</param>
    /// <param name="wantsDns">The name cache was asked.</param>
    public SnapshotCollection(long id, int registries, IEnumerable<IActorRef> clientSources, bool wantsWindow, bool wantsDns = false)
    {
        Id = id;
        _silentRegistries = registries;
        _silentLoops = [.. clientSources];
        _lacksWindow = wantsWindow;
        _lacksDns = wantsDns;
    }

    public long Id { get; }

    /// <summary>Every answer is there.</summary>
    public bool IsComplete => HasPoolsAnnounced && _pools.Count >= _announcedPools && _silentLoops.Count == 0 && !_lacksWindow && !_lacksDns;

    /// <summary>It is known how many pools there are. Without that nothing useful can be shown.</summary>
    public bool HasPoolsAnnounced => _silentRegistries <= 0;

    /// <summary>The pools that have answered.</summary>
    public IReadOnlyCollection<PoolSnapshot> Pools => _pools;

    public ImmutableArray<SocketSnapshot> Clients => [.. _clients];

    /// <summary>The buffers of the loops that have answered.</summary>
    public BufferCount Buffers { get; private set; }

    public ImmutableSortedDictionary<string, DatabaseSnapshot> Databases
    {
        get
        {
            var builder = ImmutableSortedDictionary.CreateBuilder<string, DatabaseSnapshot>(StringComparer.Ordinal);
            foreach (DatabaseSnapshot database in _databases)
                builder[database.Name] = database;

            return builder.ToImmutable();
        }
    }

    public StatisticsWindow? Window => _window;

    /// <summary>What the name cache holds; empty until it has answered.</summary>
    public DnsSnapshot Dns { get; private set; } = DnsSnapshot.Empty;

    public void Add(PoolsAnnounced answer)
    {
        _silentRegistries--;
        _announcedPools += answer.PoolCount;
        if (!answer.Databases.IsDefault)
            _databases.AddRange(answer.Databases);
    }

    public void Add(PoolCollected answer) => _pools.Add(answer.Pool);

    public void Add(ClientsCollected answer, IActorRef from)
    {
        if (!_silentLoops.Remove(from))
            return;

        Buffers += answer.Buffers;
        if (!answer.Clients.IsDefault)
            _clients.AddRange(answer.Clients);
    }

    public void Add(StatisticsWindow window)
    {
        _window = window;
        _lacksWindow = false;
    }

    public void Add(DnsSnapshot dns)
    {
        Dns = dns;
        _lacksDns = false;
    }

    /// <summary>This one was asked but is gone.</summary>
    public void Forget(IActorRef source) => _silentLoops.Remove(source);
}
