namespace Pooler.Actors.Admin;

/// <summary>How the pooler ends.</summary>
public enum ShutdownMode
{
    /// <summary>At once: every connection is just closed (SHUTDOWN, SIGQUIT).</summary>
    Immediate,

    /// <summary>Everything pauses; the end comes when no server connection is left (SHUTDOWN WAIT_FOR_SERVERS, SIGINT).</summary>
    WaitForServers,

    /// <summary>Work goes on for the clients that are there; the end comes when none is left (SHUTDOWN WAIT_FOR_CLIENTS, SIGTERM).</summary>
    WaitForClients,
}
