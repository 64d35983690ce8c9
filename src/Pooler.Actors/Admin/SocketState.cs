namespace Pooler.Actors.Admin;

/// <summary>What a client or server connection does, in the order in which SHOW lists them.</summary>
public enum SocketState
{
    /// <summary>A client that is not logged in yet.</summary>
    ClientLogin,

    /// <summary>A client that has a server, or is idle (then without a link).</summary>
    ClientActive,

    /// <summary>A client that is queued for a server, or for the first login of its pool.</summary>
    ClientWaiting,

    /// <summary>A cancel request that was sent to a server.</summary>
    ClientActiveCancelRequest,

    /// <summary>A cancel request that waits for a connection.</summary>
    ClientWaitingCancelRequest,

    /// <summary>A server lent to a client.</summary>
    ServerActive,

    /// <summary>A server that can be lent at once.</summary>
    ServerIdle,

    /// <summary>An idle server that needs a check first.</summary>
    ServerUsed,

    /// <summary>A server that runs a reset or check query.</summary>
    ServerTested,

    /// <summary>A server that connects or logs in.</summary>
    ServerNew,

    /// <summary>A connection that carries a cancel request.</summary>
    ServerActiveCancel,

    /// <summary>A server held back until cancel requests for it have arrived.</summary>
    ServerBeingCanceled,
}
