namespace Pooler.Host.Process;

/// <summary>What a signal makes the process do.</summary>
internal enum SignalAction
{
    None,
    Reload,
    Pause,
    Resume,
    ShutDownAfterServers,
    ShutDownAfterClients,
    Exit,
}
