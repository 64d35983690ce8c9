namespace Pooler.Actors.Pools;

/// <summary>
/// The server connections of one pool and the order in which the free ones are used. Moves between states happen here alone. The pool's, on its loop's thread.
/// </summary>
internal sealed class PoolServers
{
    private readonly Dictionary<long, PooledServer> _byId = [];
    private readonly LinkedList<PooledServer> _idle = [];
    private readonly LinkedList<PooledServer> _used = [];
    private readonly int[] _counts = new int[Enum.GetValues<ServerState>().Length];

    /// <summary>All of them, in no order.</summary>
    public IEnumerable<PooledServer> All => _byId.Values;

    /// <summary>Those whose connections are not closed yet.</summary>
    public int Total => _byId.Count;

    /// <summary>Those that are not told to close.</summary>
    public int Open => _byId.Count - Count(ServerState.Closing);

    /// <summary>Some are logged in that any client may get; asked when a login has failed.</summary>
    public bool HasShared => _byId.Values.Any(server => server is { State: not (ServerState.Login or ServerState.Closing), Replication: null });

    /// <summary>Ready ones, the next to be used first.</summary>
    public LinkedList<PooledServer> Idle => _idle;

    /// <summary>Ones to be checked before use, the next to be used first.</summary>
    public LinkedList<PooledServer> Used => _used;

    /// <summary>How many are in this state.</summary>
    public int Count(ServerState state) => _counts[(int)state];

    /// <summary>Adds one that starts to connect.</summary>
    public void Add(PooledServer server)
    {
        _byId.Add(server.Id, server);
        _counts[(int)server.State]++;
    }

    public bool TryGet(long id, out PooledServer server) => _byId.TryGetValue(id, out server!);

    /// <summary>The free one that has not been used for the longest time; with <paramref name="all"/> those that are being checked or reset count as free.</summary>
    public PooledServer? LongestUnused(bool all)
    {
        PooledServer? oldest = null;
        foreach (var server in _byId.Values)
        {
            if ((server.State == ServerState.Idle || (all && server.State is ServerState.Used or ServerState.Tested))
                && (oldest is null || server.LastUse < oldest.LastUse))
            {
                oldest = server;
            }
        }

        return oldest;
    }

    /// <summary>Forgets one.</summary>
    public void Remove(PooledServer server)
    {
        if (_byId.Remove(server.Id))
        {
            Unlink(server);
            _counts[(int)server.State]--;
        }
    }

    /// <summary>Moves a server to a state in which it is not free.</summary>
    public void Move(PooledServer server, ServerState state)
    {
        Unlink(server);
        _counts[(int)server.State]--;
        server.State = state;
        _counts[(int)state]++;
    }

    /// <summary>Puts a server among the free ones; the last in is the first out unless <paramref name="roundRobin"/>, and one that has to close soon is used last.</summary>
    public void MoveToIdle(PooledServer server, bool roundRobin)
    {
        Move(server, ServerState.Idle);
        if (roundRobin || server.CloseNeeded)
        {
            _idle.AddLast(server.Position);
        }
        else
        {
            _idle.AddFirst(server.Position);
        }
    }

    /// <summary>Puts a server among those that need a check.</summary>
    public void MoveToUsed(PooledServer server)
    {
        Move(server, ServerState.Used);
        _used.AddFirst(server.Position);
    }

    private static void Unlink(PooledServer server) => server.Position.List?.Remove(server.Position);
}
