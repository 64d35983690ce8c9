namespace Pooler.Actors.Servers;

/// <summary>Where a server connection stands, as its own actor sees it.</summary>
internal enum ServerPhase
{
    /// <summary>Waits for the addresses of a host name.</summary>
    Resolving,
    Connecting,

    /// <summary>From the startup packet to the end of the connect_query.</summary>
    Login,

    /// <summary>The pool has it, or a client that holds the lease.</summary>
    Lent,

    /// <summary>Runs server_reset_query or server_check_query.</summary>
    OwnQuery,
    Closed,
}
