namespace Pooler.Actors.Configuration;

/// <summary>
/// Section [pgbouncer]: one property per key of <see cref="SettingTable"/>, named after it. Durations are <see cref="TimeSpan"/>s, where
/// zero means what PgBouncer's 0 means for that key. The initial values are the defaults. Immutable, read from any thread.
/// </summary>
public sealed record GlobalSettings
{
    /// <summary>The default of auth_query; a role whose password has expired has no secret.</summary>
    public const string DefaultAuthQuery =
        "SELECT rolname, CASE WHEN rolvaliduntil < now() THEN NULL ELSE rolpassword END FROM pg_authid WHERE rolname=$1 AND rolcanlogin";

    /// <summary>The largest value of io_threads.</summary>
    public const int MaxIoThreads = 64;

    /// <summary>The largest value of pkt_buf, bytes.</summary>
    public const int MaxPktBuf = 64 * 1024 * 1024;

    /// <summary>Defaults and nothing else.</summary>
    public static GlobalSettings Default { get; } = new();

    /// <summary>User names with every right on the console.</summary>
    public string AdminUsers { get; init; } = "";

    /// <summary>Adds the client's address to the application_name of its startup packet.</summary>
    public bool ApplicationNameAddHost { get; init; }

    /// <summary>The database on which auth_query runs; null: the one the client asks for.</summary>
    public string? AuthDbName { get; init; }

    /// <summary>Path of the file of users and secrets; null: none.</summary>
    public string? AuthFile { get; init; }

    /// <summary>Path of the rules for auth_type=hba.</summary>
    public string AuthHbaFile { get; init; } = "";

    /// <summary>Path of the ident maps that the rules of auth_hba_file name.</summary>
    public string? AuthIdentFile { get; init; }

    /// <summary>Options of auth_type=ldap.</summary>
    public string? AuthLdapOptions { get; init; }

    /// <summary>Query that returns (user, secret) for $1.</summary>
    public string AuthQuery { get; init; } = DefaultAuthQuery;

    /// <summary>How clients prove who they are.</summary>
    public AuthType AuthType { get; init; } = AuthType.Md5;

    /// <summary>The user that runs auth_query; null: no auth_query.</summary>
    public string? AuthUser { get; init; }

    /// <summary>How long a database made from "*" outlives its last connection; zero: for ever.</summary>
    public TimeSpan AutodbIdleTimeout { get; init; } = TimeSpan.FromSeconds(3600);

    /// <summary>How long a cancel request waits for a connection; zero: for ever.</summary>
    public TimeSpan CancelWaitTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Closes clients without a server that were silent this long; zero: never.</summary>
    public TimeSpan ClientIdleTimeout { get; init; }

    /// <summary>Time for a client's whole login; zero: no limit.</summary>
    public TimeSpan ClientLoginTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>TLS 1.3 cipher suites toward clients.</summary>
    public string? ClientTls13Ciphers { get; init; }

    /// <summary>Certificate authorities for client certificates.</summary>
    public string ClientTlsCaFile { get; init; } = "";

    /// <summary>Certificate shown to clients.</summary>
    public string ClientTlsCertFile { get; init; } = "";

    /// <summary>Ciphers up to TLS 1.2 toward clients.</summary>
    public string ClientTlsCiphers { get; init; } = "default";

    /// <summary>Diffie-Hellman parameters toward clients.</summary>
    public TlsDheParameters ClientTlsDheparams { get; init; } = TlsDheParameters.Auto;

    /// <summary>Curve for ECDHE: none, auto or its name.</summary>
    public string ClientTlsEcdhcurve { get; init; } = "auto";

    /// <summary>Private key of the certificate shown to clients.</summary>
    public string ClientTlsKeyFile { get; init; } = "";

    /// <summary>TLS versions toward clients.</summary>
    public string ClientTlsProtocols { get; init; } = "secure";

    /// <summary>TLS policy toward clients.</summary>
    public SslMode ClientTlsSslmode { get; init; } = SslMode.Disable;

    /// <summary>The file that the next reload reads; null: the one of the command line.</summary>
    public string? Conffile { get; init; }

    /// <summary>Server connections per (database, user) pool; 0: unlimited.</summary>
    public int DefaultPoolSize { get; init; } = 20;

    /// <summary>Refuses simple Query messages.</summary>
    public bool DisablePqexec { get; init; }

    /// <summary>How long a resolved name is kept.</summary>
    public TimeSpan DnsMaxTtl { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a failed name look-up is kept.</summary>
    public TimeSpan DnsNxdomainTtl { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often SOA serials are compared; zero: never.</summary>
    public TimeSpan DnsZoneCheckPeriod { get; init; }

    /// <summary>Closes clients that are idle inside a transaction this long; zero: never.</summary>
    public TimeSpan IdleTransactionTimeout { get; init; }

    /// <summary>Startup parameters that are accepted and dropped.</summary>
    public string IgnoreStartupParameters { get; init; } = "";

    /// <summary>I/O loops; 0: the number of cores, at most 8.</summary>
    public int IoThreads { get; init; }

    /// <summary>Name of the service; not used.</summary>
    public string JobName { get; init; } = "pgbouncer";

    /// <summary>TCP addresses to listen on: addresses, names or "*"; empty: no TCP.</summary>
    public string ListenAddr { get; init; } = "";

    /// <summary>Backlog of listen(2).</summary>
    public int ListenBacklog { get; init; } = 128;

    /// <summary>TCP port, and suffix of the unix socket's name.</summary>
    public int ListenPort { get; init; } = 6432;

    /// <summary>Logs logins and new server connections.</summary>
    public bool LogConnections { get; init; } = true;

    /// <summary>Logs why connections close.</summary>
    public bool LogDisconnections { get; init; } = true;

    /// <summary>Logs errors that are sent to clients.</summary>
    public bool LogPoolerErrors { get; init; } = true;

    /// <summary>Logs a line of statistics each stats_period.</summary>
    public bool LogStats { get; init; } = true;

    /// <summary>Path of the log file; empty: none.</summary>
    public string Logfile { get; init; } = "";

    /// <summary>Text of a NOTICE at the end of each login; empty: none.</summary>
    public string LoginNotifyMessage { get; init; } = "";

    /// <summary>Most client connections.</summary>
    public int MaxClientConn { get; init; } = 100;

    /// <summary>Most client connections per database; 0: unlimited.</summary>
    public int MaxDbClientConnections { get; init; }

    /// <summary>Most server connections per database; 0: unlimited.</summary>
    public int MaxDbConnections { get; init; }

    /// <summary>Largest protocol message, bytes.</summary>
    public int MaxPacketSize { get; init; } = 2147483647;

    /// <summary>Named prepared statements kept per server; 0: they are not tracked.</summary>
    public int MaxPreparedStatements { get; init; } = 200;

    /// <summary>Most client connections per login user; 0: unlimited.</summary>
    public int MaxUserClientConnections { get; init; }

    /// <summary>Most server connections per server user; 0: unlimited.</summary>
    public int MaxUserConnections { get; init; }

    /// <summary>Server connections that a pool keeps open.</summary>
    public int MinPoolSize { get; init; }

    /// <summary>Id of this process among its peers; 0: none.</summary>
    public int PeerId { get; init; }

    /// <summary>Path of the pid file; empty: none.</summary>
    public string Pidfile { get; init; } = "";

    /// <summary>Size of a stream buffer, bytes.</summary>
    public int PktBuf { get; init; } = 4096;

    /// <summary>When servers go back to their pool.</summary>
    public PoolMode PoolMode { get; init; } = PoolMode.Session;

    /// <summary>Frees pools that had no connection this long; zero: never.</summary>
    public TimeSpan PoolIdleTimeout { get; init; }

    /// <summary>Longest time of one query; zero: no limit.</summary>
    public TimeSpan QueryTimeout { get; init; }

    /// <summary>Sends one NOTICE after this time in the queue; zero: none.</summary>
    public TimeSpan QueryWaitNotify { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time in the queue; zero: no limit.</summary>
    public TimeSpan QueryWaitTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>A batch that a server refuses because a prepared statement's result has changed is made again behind a new Parse.</summary>
    public bool ReplanPreparedStatements { get; init; } = true;

    /// <summary>What becomes of session state in transaction and statement mode.</summary>
    public StateTracking SessionStateTracking { get; init; }

    /// <summary>Server connections beyond the pool's size when clients wait too long.</summary>
    public int ReservePoolSize { get; init; }

    /// <summary>Age of the oldest waiter that opens the reserve; zero: the reserve stays closed.</summary>
    public TimeSpan ReservePoolTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Path of another resolv.conf.</summary>
    public string ResolvConf { get; init; } = "";

    /// <summary>Most rounds of reading and forwarding per socket and turn; 0: no limit.</summary>
    public int SbufLoopcnt { get; init; } = 5;

    /// <summary>Iterations of SCRAM verifiers made from plain secrets.</summary>
    public int ScramIterations { get; init; } = 4096;

    /// <summary>Idle servers are checked before use after this time; zero: always.</summary>
    public TimeSpan ServerCheckDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Query of that check; empty: no check; "&lt;empty&gt;": an empty query.</summary>
    public string ServerCheckQuery { get; init; } = "<empty>";

    /// <summary>Time for connecting and logging in to a server; zero: no limit.</summary>
    public TimeSpan ServerConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Closes outdated servers in session mode as soon as they are idle.</summary>
    public bool ServerFastClose { get; init; }

    /// <summary>Closes servers that are idle this long; zero: never.</summary>
    public TimeSpan ServerIdleTimeout { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>Closes servers that are older than this; zero: after one use.</summary>
    public TimeSpan ServerLifetime { get; init; } = TimeSpan.FromSeconds(3600);

    /// <summary>Pause after a failed connect or login to a server.</summary>
    public TimeSpan ServerLoginRetry { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The version of the protocol that new server connections ask for; a server may answer with an older one.</summary>
    public ServerProtocolVersion ServerProtocolVersion { get; init; } = ServerProtocolVersion.V30;

    /// <summary>Query that runs when a session ends on a server; empty: none.</summary>
    public string ServerResetQuery { get; init; } = "DISCARD ALL";

    /// <summary>Runs it in every pool mode.</summary>
    public bool ServerResetQueryAlways { get; init; }

    /// <summary>Takes the server that was idle longest instead of the one used last.</summary>
    public bool ServerRoundRobin { get; init; }

    /// <summary>TLS 1.3 cipher suites toward servers.</summary>
    public string? ServerTls13Ciphers { get; init; }

    /// <summary>Certificate authorities for server certificates.</summary>
    public string ServerTlsCaFile { get; init; } = "";

    /// <summary>Certificate shown to servers.</summary>
    public string ServerTlsCertFile { get; init; } = "";

    /// <summary>Ciphers up to TLS 1.2 toward servers.</summary>
    public string ServerTlsCiphers { get; init; } = "default";

    /// <summary>Private key of the certificate shown to servers.</summary>
    public string ServerTlsKeyFile { get; init; } = "";

    /// <summary>TLS versions toward servers.</summary>
    public string ServerTlsProtocols { get; init; } = "secure";

    /// <summary>TLS policy toward servers.</summary>
    public SslMode ServerTlsSslmode { get; init; } = SslMode.Prefer;

    /// <summary>SO_REUSEPORT on TCP listeners.</summary>
    public bool SoReuseport { get; init; }

    /// <summary>Period of averages and of the line of statistics.</summary>
    public TimeSpan StatsPeriod { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>User names with reading rights on the console.</summary>
    public string StatsUsers { get; init; } = "";

    /// <summary>Time for flushing on SUSPEND; zero: no limit.</summary>
    public TimeSpan SuspendTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Logs to syslog.</summary>
    public bool Syslog { get; init; }

    /// <summary>Facility for syslog.</summary>
    public string SyslogFacility { get; init; } = "daemon";

    /// <summary>Program name for syslog.</summary>
    public string SyslogIdent { get; init; } = "pgbouncer";

    /// <summary>TCP_DEFER_ACCEPT on listeners; 0: off.</summary>
    public int TcpDeferAccept { get; init; } = 1;

    /// <summary>SO_KEEPALIVE on client and server sockets.</summary>
    public bool TcpKeepalive { get; init; } = true;

    /// <summary>TCP_KEEPCNT, probes; 0: the system's.</summary>
    public int TcpKeepcnt { get; init; }

    /// <summary>TCP_KEEPIDLE, seconds; 0: the system's.</summary>
    public int TcpKeepidle { get; init; }

    /// <summary>TCP_KEEPINTVL, seconds; 0: the system's.</summary>
    public int TcpKeepintvl { get; init; }

    /// <summary>SO_SNDBUF and SO_RCVBUF, bytes; 0: the system's.</summary>
    public int TcpSocketBuffer { get; init; }

    /// <summary>TCP_USER_TIMEOUT, milliseconds; 0: the system's.</summary>
    public int TcpUserTimeout { get; init; }

    /// <summary>Parameters tracked per client besides the usual ones; names in any case.</summary>
    public string TrackExtraParameters { get; init; } = "IntervalStyle";

    /// <summary>Longest time of one transaction; zero: no limit.</summary>
    public TimeSpan TransactionTimeout { get; init; }

    /// <summary>Directory of the unix socket, also for databases without a host; empty: none.</summary>
    public string UnixSocketDir { get; init; } = "/tmp";

    /// <summary>Group of the unix socket: name or number; empty: unchanged.</summary>
    public string UnixSocketGroup { get; init; } = "";

    /// <summary>File mode of the unix socket.</summary>
    public int UnixSocketMode { get; init; } = 511;

    /// <summary>Operating system user to switch to at start; null: none.</summary>
    public string? User { get; init; }

    /// <summary>0: normal, 1: debug, 2 and more: noise.</summary>
    public int Verbose { get; init; }

    /// <summary>The number of I/O loops on a machine with <paramref name="processors"/> cores.</summary>
    public int IoLoopCount(int processors) => IoThreads > 0 ? IoThreads : Math.Clamp(processors, 1, 8);
}
