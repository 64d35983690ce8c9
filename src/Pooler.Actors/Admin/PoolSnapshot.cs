using System.Collections.Immutable;
using Pooler.Actors.Configuration;
using Pooler.Actors.Stats;

namespace Pooler.Actors.Admin;

/// <summary>One pool at one moment, in the words of SHOW POOLS. Made on the pool's loop; immutable.</summary>
public sealed record PoolSnapshot
{
    public required string Database { get; init; }

    /// <summary>The server user.</summary>
    public required string User { get; init; }

    /// <summary>Logged-in clients that have a server or are idle.</summary>
    public int ClientActive { get; init; }

    /// <summary>Clients queued for a server.</summary>
    public int ClientWaiting { get; init; }

    /// <summary>Cancel requests sent to a server.</summary>
    public int ClientActiveCancelRequest { get; init; }

    /// <summary>Cancel requests that wait for a connection.</summary>
    public int ClientWaitingCancelRequest { get; init; }

    /// <summary>Servers lent to a client.</summary>
    public int ServerActive { get; init; }

    /// <summary>Connections that carry a cancel request.</summary>
    public int ServerActiveCancel { get; init; }

    /// <summary>Servers held back until cancel requests for them have arrived.</summary>
    public int ServerBeingCanceled { get; init; }

    /// <summary>Servers that can be lent at once.</summary>
    public int ServerIdle { get; init; }

    /// <summary>Idle servers that need a check first.</summary>
    public int ServerUsed { get; init; }

    /// <summary>Servers that run a reset or check query.</summary>
    public int ServerTested { get; init; }

    /// <summary>Servers that connect or log in.</summary>
    public int ServerLogin { get; init; }

    /// <summary>How long the client at the head of the queue has waited, microseconds; 0: nobody waits.</summary>
    public long MaxWait { get; init; }

    /// <summary>The mode in force.</summary>
    public PoolMode PoolMode { get; init; }

    /// <summary>Every server connection of the pool.</summary>
    public ImmutableArray<SocketSnapshot> Servers { get; init; } = [];

    /// <summary>The pool's counters.</summary>
    public StatisticsSnapshot Statistics { get; init; } = StatisticsSnapshot.Zero;

    /// <summary>All server connections, whatever they do.</summary>
    public int ServerCount =>
        ServerActive + ServerActiveCancel + ServerBeingCanceled + ServerIdle + ServerUsed + ServerTested + ServerLogin;
}
