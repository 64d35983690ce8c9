namespace Pooler.Actors.Configuration;

/// <summary>
/// One line of section [databases], or the template "*" as it applies to one name. null means that the line does not set it.
/// Immutable.
/// </summary>
public sealed record DatabaseSettings
{
    /// <summary>The longest database name, bytes.</summary>
    public const int MaxNameLength = 63;

    /// <summary>The name by which clients ask for it.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the database on the server; the template "*" without dbname= has an empty one.</summary>
    public required string DbName { get; init; }

    /// <summary>Made from the template "*" for a name that the file does not list.</summary>
    public bool IsAutoDatabase { get; init; }

    /// <summary>Where to connect, as written: name, address, /directory, @abstract name, or a comma-separated list; null: unix_socket_dir.</summary>
    public string? Host { get; init; }

    /// <summary>The items of <see cref="Host"/>, untrimmed; empty when the host is unix_socket_dir. Allocates: read it once per connection attempt.</summary>
    public IReadOnlyList<string> Hosts => Host is null ? [] : Host.Split(',');

    /// <summary>Port, or the suffix of the unix socket's name.</summary>
    public int Port { get; init; } = 5432;

    /// <summary>Forced server user: every client of this database shares its one pool. null: the login user.</summary>
    public string? User { get; init; }

    /// <summary>Password of the forced user; null or empty: the secret of that name in auth_file.</summary>
    public string? Password { get; init; }

    /// <summary>Overrides auth_user.</summary>
    public string? AuthUser { get; init; }

    /// <summary>Overrides auth_dbname.</summary>
    public string? AuthDbName { get; init; }

    /// <summary>Overrides auth_query.</summary>
    public string? AuthQuery { get; init; }

    /// <summary>client_encoding for the server's startup message.</summary>
    public string? ClientEncoding { get; init; }

    /// <summary>datestyle for the server's startup message.</summary>
    public string? DateStyle { get; init; }

    /// <summary>timezone for the server's startup message.</summary>
    public string? TimeZone { get; init; }

    /// <summary>application_name for the server's startup message.</summary>
    public string? ApplicationName { get; init; }

    /// <summary>Overrides default_pool_size; 0: unlimited.</summary>
    public int? PoolSize { get; init; }

    /// <summary>Overrides min_pool_size.</summary>
    public int? MinPoolSize { get; init; }

    /// <summary>Overrides reserve_pool_size.</summary>
    public int? ReservePoolSize { get; init; }

    /// <summary>Overrides max_db_connections; 0 or less falls back to the global value.</summary>
    public int? MaxDbConnections { get; init; }

    /// <summary>Overrides max_db_client_connections; 0 or less falls back to the global value.</summary>
    public int? MaxDbClientConnections { get; init; }

    /// <summary>Overrides server_lifetime; zero falls back to the global value.</summary>
    public TimeSpan? ServerLifetime { get; init; }

    /// <summary>Overrides query_wait_timeout; an explicit zero means no limit.</summary>
    public TimeSpan? QueryWaitTimeout { get; init; }

    /// <summary>Overrides pool_mode.</summary>
    public PoolMode? PoolMode { get; init; }

    /// <summary>Overrides session_state_tracking.</summary>
    public StateTracking? SessionStateTracking { get; init; }

    /// <summary>Query that runs once after each server login; its errors are logged and ignored.</summary>
    public string? ConnectQuery { get; init; }

    /// <summary>How the next of several hosts is chosen.</summary>
    public LoadBalanceHosts LoadBalanceHosts { get; init; } = LoadBalanceHosts.RoundRobin;

    /// <summary>
    /// True if server connections made by <paramref name="previous"/> must be replaced. Pool sizes, the password and the startup
    /// parameters do not matter here: they count for new connections only.
    /// </summary>
    public bool IsDirtyAgainst(DatabaseSettings previous)
    {
        return DbName != previous.DbName
            || Host != previous.Host
            || Port != previous.Port
            || User != previous.User
            || ConnectQuery != previous.ConnectQuery
            || AuthDbName != previous.AuthDbName
            || AuthQuery != previous.AuthQuery
            || LoadBalanceHosts != previous.LoadBalanceHosts;
    }
}
