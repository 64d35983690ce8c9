namespace Pooler.Actors.Configuration;

/// <summary>
/// One line of section [users]: what differs for one user. null means that the line does not set it, and the database's or the
/// global value counts; <see cref="PoolerSettings"/> knows the precedence. Immutable.
/// </summary>
public sealed record UserSettings
{
    /// <summary>The user's name.</summary>
    public required string Name { get; init; }

    /// <summary>Mode of pools whose server user this is.</summary>
    public PoolMode? PoolMode { get; init; }

    /// <summary>What becomes of session state in pools whose server user this is.</summary>
    public StateTracking? SessionStateTracking { get; init; }

    /// <summary>Size of pools whose server user this is; 0: unlimited.</summary>
    public int? PoolSize { get; init; }

    /// <summary>Reserve of pools whose server user this is.</summary>
    public int? ReservePoolSize { get; init; }

    /// <summary>Server connections of this server user over all databases; 0 or less falls back to the global value.</summary>
    public int? MaxUserConnections { get; init; }

    /// <summary>Client connections of this login user; 0 or less falls back to the global value.</summary>
    public int? MaxUserClientConnections { get; init; }

    /// <summary>query_timeout for pools of this server user; zero inherits.</summary>
    public TimeSpan? QueryTimeout { get; init; }

    /// <summary>idle_transaction_timeout for pools of this server user; zero inherits.</summary>
    public TimeSpan? IdleTransactionTimeout { get; init; }

    /// <summary>transaction_timeout for pools of this server user; zero inherits.</summary>
    public TimeSpan? TransactionTimeout { get; init; }

    /// <summary>client_idle_timeout of clients that logged in as this user; zero inherits.</summary>
    public TimeSpan? ClientIdleTimeout { get; init; }

    /// <summary>query_wait_timeout of clients that logged in as this user; an explicit zero means no limit.</summary>
    public TimeSpan? QueryWaitTimeout { get; init; }
}
