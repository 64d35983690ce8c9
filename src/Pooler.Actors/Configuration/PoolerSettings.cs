using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Pooler.Actors.Configuration;

/// <summary>
/// Everything that the configuration says, as one immutable snapshot. Actors keep the one they got last and ask it for the value that
/// counts for a (database, user); <see cref="SettingsChanged"/> brings the next one. Any thread may read it.
/// </summary>
public sealed record PoolerSettings
{
    /// <summary>The database name under which the console is reached; no [databases] line may have it.</summary>
    public const string ConsoleDatabase = "pgbouncer";

    /// <summary>Defaults and nothing else.</summary>
    public static PoolerSettings Default { get; } = new();

    /// <summary>Section [pgbouncer].</summary>
    public GlobalSettings Global { get; init; } = GlobalSettings.Default;

    /// <summary>Section [databases] by name, without "*".</summary>
    public IReadOnlyDictionary<string, DatabaseSettings> Databases { get; init; } = new Dictionary<string, DatabaseSettings>();

    /// <summary>The line "*", from which databases with unknown names are made; null: there is none.</summary>
    public DatabaseSettings? AutoDatabase { get; init; }

    /// <summary>Section [users] by name.</summary>
    public IReadOnlyDictionary<string, UserSettings> Users { get; init; } = new Dictionary<string, UserSettings>();

    /// <summary>Section [peers] by id.</summary>
    public IReadOnlyDictionary<int, PeerSettings> Peers { get; init; } = new Dictionary<int, PeerSettings>();

    /// <summary>Users and secrets of auth_file.</summary>
    public UserList UserList { get; init; } = UserList.Empty;

    /// <summary>The file that the next reload reads: the one of the command line until setting conffile names another.</summary>
    public string ConfigFile => Global.Conffile ?? "";

    /// <summary>What the file says about settings that wait for a restart.</summary>
    public IReadOnlyList<PendingSetting> PendingRestart { get; init; } = [];

    /// <summary>
    /// The database for the name a client asks for: the line of that name, else one made from "*". Names longer than 63 bytes are not
    /// known. The console's database is not among them.
    /// </summary>
    public bool TryGetDatabase(string name, [NotNullWhen(true)] out DatabaseSettings? database)
    {
        if (Databases.TryGetValue(name, out database))
            return true;

        if (AutoDatabase is null || name.Length == 0 || name == ConsoleDatabase || Encoding.UTF8.GetByteCount(name) > DatabaseSettings.MaxNameLength)
            return false;

        database = AutoDatabase with
        {
            Name = name,
            DbName = AutoDatabase.DbName.Length == 0 ? name : AutoDatabase.DbName,
            IsAutoDatabase = true,
        };
        return true;
    }

    /// <summary>The user as whom the pooler logs in to the server: the database's forced user, else the login user.</summary>
    public string ServerUser(DatabaseSettings database, string loginUser) => database.User ?? loginUser;

    /// <summary>
    /// The configured secret for logging in to the server: the forced user's password, else what auth_file says about
    /// <paramref name="serverUser"/>; null: none is configured.
    /// </summary>
    public string? ServerSecret(DatabaseSettings database, string serverUser)
    {
        if (database.User is not null && !string.IsNullOrEmpty(database.Password))
            return database.Password;

        return UserList.TryGetSecret(serverUser, out string? secret) && secret.Length > 0 ? secret : null;
    }

    /// <summary>True if <paramref name="user"/> is listed in auth_file, has a [users] line, or is some database's user or auth_user, or the global auth_user.</summary>
    public bool IsKnownUser(string user)
    {
        if (UserList.Contains(user) || Users.ContainsKey(user) || Global.AuthUser == user)
            return true;

        foreach (DatabaseSettings database in Databases.Values)
        {
            if (database.User == user || database.AuthUser == user)
                return true;
        }

        return AutoDatabase is not null && (AutoDatabase.User == user || AutoDatabase.AuthUser == user);
    }

    /// <summary>pool_mode of a pool: server user, database, global.</summary>
    public PoolMode PoolMode(DatabaseSettings database, string serverUser) =>
        Find(serverUser)?.PoolMode ?? database.PoolMode ?? Global.PoolMode;

    /// <summary>session_state_tracking of a pool: server user, database, global.</summary>
    public StateTracking SessionStateTracking(DatabaseSettings database, string serverUser) =>
        Find(serverUser)?.SessionStateTracking ?? database.SessionStateTracking ?? Global.SessionStateTracking;

    /// <summary>pool_size of a pool: server user, database, default_pool_size; 0: unlimited.</summary>
    public int PoolSize(DatabaseSettings database, string serverUser) =>
        Find(serverUser)?.PoolSize ?? database.PoolSize ?? Global.DefaultPoolSize;

    /// <summary>min_pool_size of a pool: database, global; not above the pool's size.</summary>
    public int MinPoolSize(DatabaseSettings database, string serverUser)
    {
        int minimum = database.MinPoolSize ?? Global.MinPoolSize;
        int size = PoolSize(database, serverUser);
        return size > 0 ? Math.Min(minimum, size) : minimum;
    }

    /// <summary>reserve_pool_size of a pool: server user, database, global.</summary>
    public int ReservePoolSize(DatabaseSettings database, string serverUser) =>
        Find(serverUser)?.ReservePoolSize ?? database.ReservePoolSize ?? Global.ReservePoolSize;

    /// <summary>Server connections of one database: database, global; 0: unlimited.</summary>
    public int MaxDbConnections(DatabaseSettings database) => Limit(database.MaxDbConnections, Global.MaxDbConnections);

    /// <summary>Client connections of one database: database, global; 0: unlimited.</summary>
    public int MaxDbClientConnections(DatabaseSettings database) => Limit(database.MaxDbClientConnections, Global.MaxDbClientConnections);

    /// <summary>Server connections of one server user over all databases: user, global; 0: unlimited.</summary>
    public int MaxUserConnections(string serverUser) => Limit(Find(serverUser)?.MaxUserConnections, Global.MaxUserConnections);

    /// <summary>Client connections of one login user: user, global; 0: unlimited.</summary>
    public int MaxUserClientConnections(string loginUser) => Limit(Find(loginUser)?.MaxUserClientConnections, Global.MaxUserClientConnections);

    /// <summary>query_timeout: server user, global; zero: none.</summary>
    public TimeSpan QueryTimeout(string serverUser) => Inherit(Find(serverUser)?.QueryTimeout, Global.QueryTimeout);

    /// <summary>idle_transaction_timeout: server user, global; zero: none.</summary>
    public TimeSpan IdleTransactionTimeout(string serverUser) => Inherit(Find(serverUser)?.IdleTransactionTimeout, Global.IdleTransactionTimeout);

    /// <summary>transaction_timeout: server user, global; zero: none.</summary>
    public TimeSpan TransactionTimeout(string serverUser) => Inherit(Find(serverUser)?.TransactionTimeout, Global.TransactionTimeout);

    /// <summary>client_idle_timeout: login user, global; zero: none.</summary>
    public TimeSpan ClientIdleTimeout(string loginUser) => Inherit(Find(loginUser)?.ClientIdleTimeout, Global.ClientIdleTimeout);

    /// <summary>query_wait_timeout: login user, database, global, where an explicit zero counts; zero: none.</summary>
    public TimeSpan QueryWaitTimeout(DatabaseSettings database, string loginUser) =>
        Find(loginUser)?.QueryWaitTimeout ?? database.QueryWaitTimeout ?? Global.QueryWaitTimeout;

    /// <summary>server_lifetime: database, global; zero: servers are used once.</summary>
    public TimeSpan ServerLifetime(DatabaseSettings database) => Inherit(database.ServerLifetime, Global.ServerLifetime);

    /// <summary>pool_size of a peer: peer, default_pool_size.</summary>
    public int PoolSize(PeerSettings peer) => peer.PoolSize ?? Global.DefaultPoolSize;

    private static int Limit(int? specific, int general) => specific is > 0 ? specific.Value : Math.Max(general, 0);

    private static TimeSpan Inherit(TimeSpan? specific, TimeSpan general) =>
        specific is { } value && value > TimeSpan.Zero ? value : general;

    private UserSettings? Find(string user) => Users.Count > 0 && Users.TryGetValue(user, out UserSettings? settings) ? settings : null;
}
