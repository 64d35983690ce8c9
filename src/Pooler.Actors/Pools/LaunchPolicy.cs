namespace Pooler.Actors.Pools;

/// <summary>Decides whether a pool may open one more server connection. Pure; times in microseconds.</summary>
internal static class LaunchPolicy
{
    /// <summary>What a pool decides by.</summary>
    internal readonly record struct Input
    {
        /// <summary>Connections of the pool, whatever they do; closing ones and those that carry cancel requests among them.</summary>
        public required int Servers { get; init; }

        /// <summary>Those among them that close: their places are about to be free.</summary>
        public required int Closing { get; init; }

        /// <summary>pool_size; 0: unlimited.</summary>
        public required int PoolSize { get; init; }

        /// <summary>reserve_pool_size.</summary>
        public required int ReserveSize { get; init; }

        /// <summary>reserve_pool_timeout; 0: no reserve.</summary>
        public required long ReserveTimeout { get; init; }

        /// <summary>How long the oldest waiter has waited.</summary>
        public required long OldestWait { get; init; }

        /// <summary>An attempt is under way.</summary>
        public required bool IsConnecting { get; init; }

        /// <summary>No attempt before this time, because the last one failed; 0: none failed.</summary>
        public required long RetryAt { get; init; }

        public required long Now { get; init; }

        public required bool IsPaused { get; init; }

        /// <summary>The server would be for a replication client, who can do nothing with those that are free.</summary>
        public required bool IsForReplication { get; init; }
    }

    /// <summary>The decision.</summary>
    internal enum Decision
    {
        No,
        Yes,

        /// <summary>Yes, beyond the pool's size.</summary>
        FromReserve,

        /// <summary>Not yet: a free server has to go first.</summary>
        Evict,
    }

    public static Decision Decide(in Input input)
    {
        if (input.IsPaused || input.IsConnecting || (input.RetryAt > 0 && input.Now <= input.RetryAt))
        {
            return Decision.No;
        }

        // The size counts for clients that wait for their welcome too: old servers that are yet to be replaced must not be joined by as many new ones.
        if (input.PoolSize <= 0 || input.Servers < input.PoolSize)
        {
            return Decision.Yes;
        }

        var reserveOpen = input.ReserveSize > 0
            && input.ReserveTimeout > 0
            && input.OldestWait >= input.ReserveTimeout
            && input.Servers < input.PoolSize + input.ReserveSize;
        return reserveOpen ? Decision.FromReserve
            : input.IsForReplication && input.Servers - input.Closing >= input.PoolSize ? Decision.Evict
            : Decision.No;
    }
}
