using System.Diagnostics.CodeAnalysis;

namespace Pooler.Actors.Configuration;

/// <summary>
/// Every key of section [pgbouncer], one line each: its name, its default as SHOW CONFIG prints it, its type, its property of
/// <see cref="GlobalSettings"/>, whether only a restart changes it, and whether it works. Reading the file, SET, SHOW CONFIG and
/// <see cref="SettingsDiff"/> go through this table; everything else reads the properties.
/// </summary>
public static class SettingTable
{
    internal const string NoAuthQuery = "users come from auth_file alone";
    private const string NoTls = "connections are not encrypted";

    private static readonly Setting[] Lines =
    [
        Text("admin_users", "", s => s.AdminUsers, (s, v) => s with { AdminUsers = v }),
        Switch("application_name_add_host", "0", s => s.ApplicationNameAddHost, (s, v) => s with { ApplicationNameAddHost = v }),
        OptionalText("auth_dbname", s => s.AuthDbName, (s, v) => s with { AuthDbName = v }).NotYet(NoAuthQuery).Refusing(RefuseConsole),
        OptionalText("auth_file", s => s.AuthFile, (s, v) => s with { AuthFile = v }),
        Text("auth_hba_file", "", s => s.AuthHbaFile, (s, v) => s with { AuthHbaFile = v }).NotYet("the rules are not read"),
        OptionalText("auth_ident_file", s => s.AuthIdentFile, (s, v) => s with { AuthIdentFile = v }).NotYet("the maps are not read"),
        OptionalText("auth_ldap_options", s => s.AuthLdapOptions, (s, v) => s with { AuthLdapOptions = v }).NotYet("they are not read"),
        Text("auth_query", GlobalSettings.DefaultAuthQuery, s => s.AuthQuery, (s, v) => s with { AuthQuery = v }).NotYet(NoAuthQuery),
        Choice("auth_type", "md5", Choices.AuthType, s => s.AuthType, (s, v) => s with { AuthType = v }).Refusing(RefuseAuthType),
        OptionalText("auth_user", s => s.AuthUser, (s, v) => s with { AuthUser = v }).NotYet(NoAuthQuery),
        Seconds("autodb_idle_timeout", "3600", s => s.AutodbIdleTimeout, (s, v) => s with { AutodbIdleTimeout = v }),
        Seconds("cancel_wait_timeout", "10", s => s.CancelWaitTimeout, (s, v) => s with { CancelWaitTimeout = v }),
        Seconds("client_idle_timeout", "0", s => s.ClientIdleTimeout, (s, v) => s with { ClientIdleTimeout = v }),
        Seconds("client_login_timeout", "60", s => s.ClientLoginTimeout, (s, v) => s with { ClientLoginTimeout = v }),
        OptionalText("client_tls13_ciphers", s => s.ClientTls13Ciphers, (s, v) => s with { ClientTls13Ciphers = v }).NotYet(NoTls),
        Text("client_tls_ca_file", "", s => s.ClientTlsCaFile, (s, v) => s with { ClientTlsCaFile = v }).NotYet(NoTls),
        Text("client_tls_cert_file", "", s => s.ClientTlsCertFile, (s, v) => s with { ClientTlsCertFile = v }).NotYet(NoTls),
        Text("client_tls_ciphers", "default", s => s.ClientTlsCiphers, (s, v) => s with { ClientTlsCiphers = v }).NotYet(NoTls),
        Choice("client_tls_dheparams", "auto", Choices.TlsDheParameters, s => s.ClientTlsDheparams,
            (s, v) => s with { ClientTlsDheparams = v }).NotYet(NoTls),
        Text("client_tls_ecdhcurve", "auto", s => s.ClientTlsEcdhcurve, (s, v) => s with { ClientTlsEcdhcurve = v }).NotYet(NoTls),
        Text("client_tls_key_file", "", s => s.ClientTlsKeyFile, (s, v) => s with { ClientTlsKeyFile = v }).NotYet(NoTls),
        Text("client_tls_protocols", "secure", s => s.ClientTlsProtocols, (s, v) => s with { ClientTlsProtocols = v }).NotYet(NoTls),
        Choice("client_tls_sslmode", "disable", Choices.SslMode, s => s.ClientTlsSslmode,
            (s, v) => s with { ClientTlsSslmode = v }).Refusing(RefuseTls).NotYet(NoTls),
        OptionalText("conffile", s => s.Conffile, (s, v) => s with { Conffile = v }),
        Integer("default_pool_size", "20", s => s.DefaultPoolSize, (s, v) => s with { DefaultPoolSize = v }),
        Switch("disable_pqexec", "0", s => s.DisablePqexec, (s, v) => s with { DisablePqexec = v }).AtRestart(),
        Seconds("dns_max_ttl", "15", s => s.DnsMaxTtl, (s, v) => s with { DnsMaxTtl = v }),
        Seconds("dns_nxdomain_ttl", "15", s => s.DnsNxdomainTtl, (s, v) => s with { DnsNxdomainTtl = v }),
        Seconds("dns_zone_check_period", "0", s => s.DnsZoneCheckPeriod, (s, v) => s with { DnsZoneCheckPeriod = v }),
        Seconds("idle_transaction_timeout", "0", s => s.IdleTransactionTimeout, (s, v) => s with { IdleTransactionTimeout = v }),
        Text("ignore_startup_parameters", "", s => s.IgnoreStartupParameters, (s, v) => s with { IgnoreStartupParameters = v }),
        Integer("io_threads", "0", s => s.IoThreads, (s, v) => s with { IoThreads = v }).AtRestart().Refusing(RefuseThreads),
        Text("job_name", "pgbouncer", s => s.JobName, (s, v) => s with { JobName = v }).AtRestart(),
        Text("listen_addr", "", s => s.ListenAddr, (s, v) => s with { ListenAddr = v }).AtRestart(),
        Integer("listen_backlog", "128", s => s.ListenBacklog, (s, v) => s with { ListenBacklog = v }).AtRestart(),
        Integer("listen_port", "6432", s => s.ListenPort, (s, v) => s with { ListenPort = v }).AtRestart(),
        Switch("log_connections", "1", s => s.LogConnections, (s, v) => s with { LogConnections = v }),
        Switch("log_disconnections", "1", s => s.LogDisconnections, (s, v) => s with { LogDisconnections = v }),
        Switch("log_pooler_errors", "1", s => s.LogPoolerErrors, (s, v) => s with { LogPoolerErrors = v }),
        Switch("log_stats", "1", s => s.LogStats, (s, v) => s with { LogStats = v }),
        Text("logfile", "", s => s.Logfile, (s, v) => s with { Logfile = v }),
        Text("login_notify_message", "", s => s.LoginNotifyMessage, (s, v) => s with { LoginNotifyMessage = v }),
        Integer("max_client_conn", "100", s => s.MaxClientConn, (s, v) => s with { MaxClientConn = v }),
        Integer("max_db_client_connections", "0", s => s.MaxDbClientConnections, (s, v) => s with { MaxDbClientConnections = v }),
        Integer("max_db_connections", "0", s => s.MaxDbConnections, (s, v) => s with { MaxDbConnections = v }),
        Integer("max_packet_size", "2147483647", s => s.MaxPacketSize, (s, v) => s with { MaxPacketSize = v }),
        Integer("max_prepared_statements", "200", s => s.MaxPreparedStatements, (s, v) => s with { MaxPreparedStatements = v }),
        Integer("max_user_client_connections", "0", s => s.MaxUserClientConnections, (s, v) => s with { MaxUserClientConnections = v }),
        Integer("max_user_connections", "0", s => s.MaxUserConnections, (s, v) => s with { MaxUserConnections = v }),
        Integer("min_pool_size", "0", s => s.MinPoolSize, (s, v) => s with { MinPoolSize = v }),
        Integer("peer_id", "0", s => s.PeerId, (s, v) => s with { PeerId = v }).NotYet("cancel requests are not forwarded to peers"),
        Text("pidfile", "", s => s.Pidfile, (s, v) => s with { Pidfile = v }).AtRestart(),
        Integer("pkt_buf", "4096", s => s.PktBuf, (s, v) => s with { PktBuf = v }).AtRestart().Refusing(RefuseBuffer),
        Choice("pool_mode", "session", Choices.PoolMode, s => s.PoolMode, (s, v) => s with { PoolMode = v }),
        Seconds("pool_idle_timeout", "0", s => s.PoolIdleTimeout, (s, v) => s with { PoolIdleTimeout = v }),
        Seconds("query_timeout", "0", s => s.QueryTimeout, (s, v) => s with { QueryTimeout = v }),
        WholeSeconds("query_wait_notify", "5", s => s.QueryWaitNotify, (s, v) => s with { QueryWaitNotify = v }),
        Seconds("query_wait_timeout", "120", s => s.QueryWaitTimeout, (s, v) => s with { QueryWaitTimeout = v }),
        Switch("replan_prepared_statements", "1", s => s.ReplanPreparedStatements, (s, v) => s with { ReplanPreparedStatements = v }),
        Integer("reserve_pool_size", "0", s => s.ReservePoolSize, (s, v) => s with { ReservePoolSize = v }),
        Seconds("reserve_pool_timeout", "5", s => s.ReservePoolTimeout, (s, v) => s with { ReservePoolTimeout = v }),
        Text("resolv_conf", "", s => s.ResolvConf, (s, v) => s with { ResolvConf = v }).AtRestart(),
        Integer("sbuf_loopcnt", "5", s => s.SbufLoopcnt, (s, v) => s with { SbufLoopcnt = v }),
        Integer("scram_iterations", "4096", s => s.ScramIterations, (s, v) => s with { ScramIterations = v }),
        Seconds("server_check_delay", "30", s => s.ServerCheckDelay, (s, v) => s with { ServerCheckDelay = v }),
        Text("server_check_query", "<empty>", s => s.ServerCheckQuery, (s, v) => s with { ServerCheckQuery = v }),
        Seconds("server_connect_timeout", "15", s => s.ServerConnectTimeout, (s, v) => s with { ServerConnectTimeout = v }),
        Switch("server_fast_close", "0", s => s.ServerFastClose, (s, v) => s with { ServerFastClose = v }),
        Seconds("server_idle_timeout", "600", s => s.ServerIdleTimeout, (s, v) => s with { ServerIdleTimeout = v }),
        Seconds("server_lifetime", "3600", s => s.ServerLifetime, (s, v) => s with { ServerLifetime = v }),
        Seconds("server_login_retry", "15", s => s.ServerLoginRetry, (s, v) => s with { ServerLoginRetry = v }),
        Choice("server_protocol_version", "3.0", Choices.ServerProtocolVersion, s => s.ServerProtocolVersion, (s, v) => s with { ServerProtocolVersion = v }),
        Text("server_reset_query", "DISCARD ALL", s => s.ServerResetQuery, (s, v) => s with { ServerResetQuery = v }),
        Switch("server_reset_query_always", "0", s => s.ServerResetQueryAlways, (s, v) => s with { ServerResetQueryAlways = v }),
        Switch("server_round_robin", "0", s => s.ServerRoundRobin, (s, v) => s with { ServerRoundRobin = v }),
        OptionalText("server_tls13_ciphers", s => s.ServerTls13Ciphers, (s, v) => s with { ServerTls13Ciphers = v }).NotYet(NoTls),
        Text("server_tls_ca_file", "", s => s.ServerTlsCaFile, (s, v) => s with { ServerTlsCaFile = v }).NotYet(NoTls),
        Text("server_tls_cert_file", "", s => s.ServerTlsCertFile, (s, v) => s with { ServerTlsCertFile = v }).NotYet(NoTls),
        Text("server_tls_ciphers", "default", s => s.ServerTlsCiphers, (s, v) => s with { ServerTlsCiphers = v }).NotYet(NoTls),
        Text("server_tls_key_file", "", s => s.ServerTlsKeyFile, (s, v) => s with { ServerTlsKeyFile = v }).NotYet(NoTls),
        Text("server_tls_protocols", "secure", s => s.ServerTlsProtocols, (s, v) => s with { ServerTlsProtocols = v }).NotYet(NoTls),
        Choice("server_tls_sslmode", "prefer", Choices.SslMode, s => s.ServerTlsSslmode,
            (s, v) => s with { ServerTlsSslmode = v }).Refusing(RefuseTls),
        Choice("session_state_tracking", "off", Choices.StateTracking, s => s.SessionStateTracking, (s, v) => s with { SessionStateTracking = v }),
        Switch("so_reuseport", "0", s => s.SoReuseport, (s, v) => s with { SoReuseport = v }).AtRestart(),
        WholeSeconds("stats_period", "60", s => s.StatsPeriod, (s, v) => s with { StatsPeriod = v }),
        Text("stats_users", "", s => s.StatsUsers, (s, v) => s with { StatsUsers = v }),
        Seconds("suspend_timeout", "10", s => s.SuspendTimeout, (s, v) => s with { SuspendTimeout = v }),
        Switch("syslog", "0", s => s.Syslog, (s, v) => s with { Syslog = v }),
        Text("syslog_facility", "daemon", s => s.SyslogFacility, (s, v) => s with { SyslogFacility = v }),
        Text("syslog_ident", "pgbouncer", s => s.SyslogIdent, (s, v) => s with { SyslogIdent = v }),
        Integer("tcp_defer_accept", "1", s => s.TcpDeferAccept, (s, v) => s with { TcpDeferAccept = v }),
        Switch("tcp_keepalive", "1", s => s.TcpKeepalive, (s, v) => s with { TcpKeepalive = v }),
        Integer("tcp_keepcnt", "0", s => s.TcpKeepcnt, (s, v) => s with { TcpKeepcnt = v }),
        Integer("tcp_keepidle", "0", s => s.TcpKeepidle, (s, v) => s with { TcpKeepidle = v }),
        Integer("tcp_keepintvl", "0", s => s.TcpKeepintvl, (s, v) => s with { TcpKeepintvl = v }),
        Integer("tcp_socket_buffer", "0", s => s.TcpSocketBuffer, (s, v) => s with { TcpSocketBuffer = v }),
        Integer("tcp_user_timeout", "0", s => s.TcpUserTimeout, (s, v) => s with { TcpUserTimeout = v }),
        Text("track_extra_parameters", "IntervalStyle", s => s.TrackExtraParameters, (s, v) => s with { TrackExtraParameters = v }).AtRestart(),
        Seconds("transaction_timeout", "0", s => s.TransactionTimeout, (s, v) => s with { TransactionTimeout = v }),
        Text("unix_socket_dir", "/tmp", s => s.UnixSocketDir, (s, v) => s with { UnixSocketDir = v }).AtRestart(),
        Text("unix_socket_group", "", s => s.UnixSocketGroup, (s, v) => s with { UnixSocketGroup = v }).AtRestart(),
        Integer("unix_socket_mode", "0777", s => s.UnixSocketMode, (s, v) => s with { UnixSocketMode = v }).AtRestart(),
        OptionalText("user", s => s.User, (s, v) => s with { User = v }).AtRestart(),
        Integer("verbose", null, s => s.Verbose, (s, v) => s with { Verbose = v }),
    ];

    private static readonly Dictionary<string, Setting> ByName = Lines.ToDictionary(line => line.Name, StringComparer.Ordinal);

    /// <summary>All keys in the order of SHOW CONFIG.</summary>
    public static IReadOnlyList<Setting> All => Lines;

    /// <summary>The line of one key; keys are lower case.</summary>
    public static bool TryGet(string key, [NotNullWhen(true)] out Setting? setting) => ByName.TryGetValue(key, out setting);

    /// <summary>
    /// The console's SET: <paramref name="changed"/> is <paramref name="settings"/> with <paramref name="key"/> set to what
    /// <paramref name="value"/> says. A valid value of a key that needs a restart changes nothing and is no error. Otherwise
    /// <paramref name="error"/> says for the log what is wrong; the console's own answer is always "SET failed".
    /// </summary>
    public static bool TrySet(
        PoolerSettings settings,
        string key,
        string value,
        [NotNullWhen(true)] out PoolerSettings? changed,
        [NotNullWhen(false)] out string? error)
    {
        changed = null;
        if (!TryGet(key, out Setting? setting))
        {
            error = "unknown parameter: pgbouncer/" + key;
            return false;
        }

        // What only a restart changes is taken and ignored, whatever it is.
        error = null;
        if (!setting.IsChangeable)
        {
            changed = settings;
            return true;
        }

        if (!setting.TryParse(settings.Global, value, out GlobalSettings? global, out error))
        {
            error ??= $"invalid value \"{value}\" for parameter {key}";
            return false;
        }

        changed = settings with { Global = global };
        return true;
    }

    private static SettingOf<string> Text(
        string name, string defaultText, Func<GlobalSettings, string> get, Func<GlobalSettings, string, GlobalSettings> set) =>
        new(name, defaultText, TextKind.Instance, get, set);

    private static SettingOf<string?> OptionalText(
        string name, Func<GlobalSettings, string?> get, Func<GlobalSettings, string?, GlobalSettings> set) =>
        new(name, null, OptionalTextKind.Instance, get, set);

    private static SettingOf<int> Integer(
        string name, string? defaultText, Func<GlobalSettings, int> get, Func<GlobalSettings, int, GlobalSettings> set) =>
        new(name, defaultText, IntegerKind.Instance, get, set);

    private static SettingOf<bool> Switch(
        string name, string defaultText, Func<GlobalSettings, bool> get, Func<GlobalSettings, bool, GlobalSettings> set) =>
        new(name, defaultText, BooleanKind.Instance, get, set);

    private static SettingOf<TimeSpan> Seconds(
        string name, string defaultText, Func<GlobalSettings, TimeSpan> get, Func<GlobalSettings, TimeSpan, GlobalSettings> set) =>
        new(name, defaultText, SecondsKind.Instance, get, set);

    private static SettingOf<TimeSpan> WholeSeconds(
        string name, string defaultText, Func<GlobalSettings, TimeSpan> get, Func<GlobalSettings, TimeSpan, GlobalSettings> set) =>
        new(name, defaultText, WholeSecondsKind.Instance, get, set);

    private static SettingOf<T> Choice<T>(
        string name, string defaultText, ChoiceKind<T> kind, Func<GlobalSettings, T> get, Func<GlobalSettings, T, GlobalSettings> set)
        where T : struct, Enum =>
        new(name, defaultText, kind, get, set);

    private static bool IsPositive(int value) => value > 0;

    private static string? RefuseAuthType(AuthType value)
    {
        if (value is AuthType.Any or AuthType.Trust or AuthType.Plain or AuthType.Md5 or AuthType.ScramSha256)
            return null;

        return $"auth_type {Choices.AuthType.Format(value)} is not available in this version of Pooler, use any, trust, plain, md5 or scram-sha-256";
    }

    private static string? RefuseTls(SslMode value)
    {
        if (value < SslMode.Require)
            return null;

        return $"TLS is not available in this version of Pooler, so connections cannot be held to sslmode {Choices.SslMode.Format(value)}";
    }

    private static string? RefuseConsole(string? value) =>
        value == PoolerSettings.ConsoleDatabase ? $"cannot use the reserved \"{value}\" database as an auth_dbname" : null;

    private static string? RefuseBuffer(int value) =>
        value is < 1 or > GlobalSettings.MaxPktBuf ? $"pkt_buf must be between 1 and {GlobalSettings.MaxPktBuf}" : null;

    private static string? RefuseThreads(int value) =>
        value is < 0 or > GlobalSettings.MaxIoThreads ? $"io_threads must be between 0 and {GlobalSettings.MaxIoThreads}" : null;
}
