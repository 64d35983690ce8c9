using Akka.Actor;
using Pooler.Actors.Cancel;
using Pooler.Actors.Dns;
using Pooler.Actors.Supervision;

namespace Pooler.Actors.Pools;

/// <summary>A pool's record of one of its server connections. The pool's alone, on its loop's thread.</summary>
internal sealed class PooledServer
{
    public PooledServer(long id, IActorRef actor, ServerPlace place, long connectStart, DateTimeOffset connectTime)
    {
        Id = id;
        Actor = actor;
        Place = place;
        ConnectStart = connectStart;
        ConnectTime = connectTime;
        LastUse = connectStart;
        Position = new LinkedListNode<PooledServer>(this);
    }

    /// <summary>The number of the socket.</summary>
    public long Id { get; }

    /// <summary>Its actor.</summary>
    public IActorRef Actor { get; }

    /// <summary>Its place under the limits of its database and its user; the actor gives it back.</summary>
    public ServerPlace Place { get; }

    /// <summary>Begin of the connection attempt, microseconds of the loop.</summary>
    public long ConnectStart { get; }

    /// <summary>Begin of the connection attempt by the clock on the wall.</summary>
    public DateTimeOffset ConnectTime { get; }

    /// <summary>Its place among the free servers; <see cref="PoolServers"/>' alone.</summary>
    public LinkedListNode<PooledServer> Position { get; }

    /// <summary>Changed by <see cref="PoolServers"/> alone.</summary>
    public ServerState State { get; set; } = ServerState.Login;

    /// <summary>Set with the end of the login.</summary>
    public Lease? Lease { get; set; }

    /// <summary>The name it was found by, with the address; null: its host is no name, or it is not logged in.</summary>
    public HostResolved? Host { get; set; }

    /// <summary>The replication client that it was opened for and is for alone; null: it is for all.</summary>
    public ReplicationWaiter? Replication { get; init; }

    /// <summary>When it was used last, microseconds of the loop.</summary>
    public long LastUse { get; set; }

    /// <summary>Made by settings that no longer hold, or to an address that its name no longer has: closes as soon as it is free.</summary>
    public bool CloseNeeded { get; set; }

    /// <summary>Cancel requests for what it runs, sent or not.</summary>
    public List<CancelTicket> Cancels { get; } = [];
}
