using Pooler.Actors.Wire;

namespace Pooler.Actors.Pools;

/// <summary>A replication client that waits for the server of its own, and from then on whose that server is. The pool's alone, on its loop's thread.</summary>
internal sealed class ReplicationWaiter(Acquire acquire, ReplicationStartup startup)
{
    /// <summary>The client's wish; it holds the lease later.</summary>
    public Acquire Acquire { get; } = acquire;

    /// <summary>How the server is to be opened.</summary>
    public ReplicationStartup Startup { get; } = startup;
}
