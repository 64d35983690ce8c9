namespace Pooler.Actors.Pools;

/// <summary>For what a pool opens a server.</summary>
internal enum LaunchCause
{
    /// <summary>Clients wait: another pool's idle server may have to go.</summary>
    Waiters,

    /// <summary>min_pool_size: only if there is room.</summary>
    MinPoolSize,
}
