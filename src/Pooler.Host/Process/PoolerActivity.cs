namespace Pooler.Host.Process;

/// <summary>What the pooler is up to, as far as signals depend on it.</summary>
/// <param name="IsPaused">A global PAUSE is in force.</param>
/// <param name="IsSuspended">SUSPEND is in force.</param>
/// <param name="IsShuttingDown">A shutdown waits for clients or servers.</param>
internal readonly record struct PoolerActivity(bool IsPaused, bool IsSuspended, bool IsShuttingDown);
