namespace Pooler.Actors.Wire;

/// <summary>
/// The texts with which the pooler itself ends or refuses something, in one place: what a client reads in an ErrorResponse, what the log gives
/// as the reason of a close. Unless a comment says otherwise a client gets the text as FATAL with SQLSTATE 08P01. Scripts and tools match these
/// texts, so they do not change.
/// </summary>
public static partial class PoolerErrors
{
    private const int MaxDatabaseNameBytes = 63;
    private const int MaxCachedReasonBytes = 99;
    private const int MaxCachedErrorBytes = 127;

    // Start of a client connection.
    public const string UnencryptedDataAfterSslRequest = "received unencrypted data after SSL request";
    public const string UnencryptedDataAfterGssRequest = "received unencrypted data after GSSAPI encryption request";
    public const string OldProtocol = "old V2 protocol not supported";
    public const string SslRequired = "SSL required";
    public const string StartupResent = "client re-sent startup pkt";
    public const string PasswordBeforeStartup = "client password pkt before startup packet";
    public const string UnsupportedOptions = "unsupported options startup parameter: only '-c config=val' and '--config=val' are allowed";
    public const string InvalidStartupLayout = "invalid startup packet layout: expected terminator as last byte";
    public const string NoUserName = "no username supplied";
    public const string UserNameTooLong = "username too long";
    public const string TooManyClients = "no more connections allowed (max_client_conn)";
    public const string TooManyDatabaseClients = "client connections exceeded (max_db_client_connections)";
    public const string TooManyUserClients = "client connections exceeded (max_user_client_connections)";

    // Authentication of a client.
    public const string TrustAuthenticationFailed = "\"trust\" authentication failed";
    public const string PasswordAuthenticationFailed = "password authentication failed";
    public const string SaslAuthenticationFailed = "SASL authentication failed";
    public const string InvalidSaslMechanism = "client selected an invalid SASL authentication mechanism";
    public const string EmptyPassword = "empty password returned by client";
    public const string CertificateAuthenticationFailed = "certificate authentication failed";
    public const string UnixSocketLoginRejected = "unix socket login rejected";
    public const string NoAuthenticationMethod = "no authentication method is found";
    public const string LoginRejected = "login rejected";
    public const string NotAllowed = "not allowed";
    public const string NoSuchUser = "no such user";
    public const string BouncerConfigError = "bouncer config error";

    // End of a client's login.
    public const string PoolerShuttingDown = "pooler is shutting down";
    public const string ClientLoginTimeout = "client_login_timeout";
    public const string ClientLoginTimeoutServerDown = "client_login_timeout (server down)";

    // Login to a server: these go to all clients that wait for the pool.
    public const string ServerWrongPasswordType = "server login failed: wrong password type";
    public const string ServerSignatureNotVerified = "server login failed: failed to verify server signature";
    public const string ServerSignatureInvalid = "server login failed: invalid server signature";
    public const string ServerMechanismsUnsupported = "server login failed: none of the server's SASL authentication mechanisms are supported";
    public const string LoginFailed = "login failed";

    // Login to a server: log only, unless a client is linked already.
    public const string FailedToAnswerAuthRequest = "failed to answer authreq";
    public const string ServerRefusedSsl = "server refused SSL";
    public const string BadSslAnswer = "bad sslreq answer";
    public const string UnencryptedDataAfterSslResponse = "received unencrypted data after SSL response";
    public const string TlsStartupFailed = "TLS startup failed";
    public const string UnknownPacketFromServer = "unknown pkt from server";
    public const string BadCancelKey = "bad cancel key";
    public const string ConnectFailed = "connect failed";
    public const string ConnectTimeout = "connect timeout";
    public const string ServerDnsLookupFailed = "server DNS lookup failed";
    public const string CannotConnect = "cannot connect";

    // Waiting clients.
    public const string QueryWaitTimeout = "query_wait_timeout";
    public const string QueuedQueryTimeout = "query_timeout";
    public const string ClientIdleTimeout = "client_idle_timeout";
    public const string ServerShuttingDown = "server shutting down";
    public const string SuspendTimeout = "suspend_timeout";

    // The server of a linked client is closed for this reason, which the client gets as well.
    public const string QueryTimeout = "query timeout";
    public const string IdleTransactionTimeout = "idle transaction timeout";
    public const string TransactionTimeout = "transaction timeout";
    public const string ServerConnectionCrashed = "server conn crashed?";
    public const string DatabaseConfigurationChanged = "database configuration changed";
    public const string NoTransactionsInStatementMode = "transaction blocks not allowed in statement pooling mode";
    public const string InvalidServerParameter = "invalid server parameter";
    public const string UnknownPacket = "unknown pkt";
    public const string BadServerPacketHeader = "bad pkt header";
    public const string BrokenParameterStatus = "broken ParameterStatus packet";
    public const string BrokenParse = "broken Parse packet";
    public const string UnreadableRequest = "failed to parse packet";
    public const string ChangedPlan = "cached plan must not change result type";
    public const string PreparedStatementInUse = "prepared statement name is already in use";
    public const string PreparedStatementDidNotExist = "prepared statement did not exist";
    public const string ServerConnectionClosed = "server connection closed";
    public const string DatabaseRemoved = "database removed";

    // A session.
    public const string SimpleQueryDisallowed = "PQexec disallowed";
    public const string AdminForcedDisconnect = "admin forced disconnect";

    // The console: ERROR, and the session goes on.
    public const string BadArguments = "bad arguments";
    public const string AdminAccessNeeded = "admin access needed";
    public const string SetFailed = "SET failed";
    public const string AlreadyPaused = "already suspended/paused";
    public const string NotPaused = "pooler is not paused/suspended";
    public const string CannotSuspendPausedDatabases = "cannot suspend with paused databases";
    public const string DatabaseRequired = "a database is required";
    public const string InvalidClientPointer = "invalid client pointer supplied";
    public const string ClientNotFound = "client not found";

    /// <summary>ERROR with SQLSTATE F0000.</summary>
    public const string ReloadFailed = "RELOAD failed, see logs for additional details";

    // The console: FATAL. BadPacket is also the silent close of a connection whose first message is not one that may come first.
    public const string BadPacket = "bad packet";
    public const string IncompletePacket = "incomplete pkt";
    public const string IncompleteQuery = "incomplete query";

    // NOTICE with SQLSTATE 00000.
    public const string SetIgnoredNotice = "SET ignored";
    public const string TlsSettingsNotAppliedNotice = "TLS settings could not be applied, still using old configuration";
    public const string ConsoleUsageNotice = "Console usage";
    public const string ClientQueuedNotice = "No server connection available in postgres backend, client being queued";

    // Closed without a message; for the log.
    public const string ClientUnexpectedEof = "client unexpected eof";
    public const string ClientCloseRequest = "client close request";
    public const string SslInsideSsl = "SSL req inside SSL";
    public const string BadCancelRequest = "bad cancel request";
    public const string FailedCancelRequest = "failed cancel request";
    public const string CancelForIdleClient = "cancel request for idle client";
    public const string CancelForConsoleClient = "cancel request for console client";
    public const string CancelWhileSettingParameters = "ignoring cancel request for server that is setting vars";
    public const string CancelForClientNowIdle = "not sending cancel request for client that is now idle";
    public const string CancelSent = "successfully sent cancel request";
    public const string CancelNotSent = "failed to send cancel request";
    public const string CancelWaitTimeout = "cancel_wait_timeout";

    // Reasons why a server is closed; for the log.
    public const string ServerIdleTimeout = "server idle timeout";
    public const string ServerLifetimeOver = "server lifetime over";
    public const string CloseNeeded = "close_needed";
    public const string ObsoleteConnection = "obsolete connection";
    public const string ConnectStringChanged = "connect string changed";
    public const string PauseMode = "pause mode";
    public const string UnsafeDescriptorOnSuspend = "close unsafe file descriptors on suspend";
    public const string Evicted = "evicted";
    public const string TooManyServers = "too many servers in the pool";
    public const string IdleServerGotDirty = "idle server got dirty";
    public const string ClientLeftServerNotReady = "client disconnect while server was not ready";
    public const string ClientLeftQueryInProgress = "client disconnected with query in progress";
    public const string ClientLeftQueriesInProgress = "client disconnected with queries in progress";
    public const string ClientLeftBeforeAllSent = "client disconnect before everything was sent to the server";
    public const string ResetQueryFailed = "reset query failed";
    public const string ServerHasSessionState = "server has session state and server_reset_query is empty";
    public const string ServerHasLibrary = "server has loaded a library for a client";
    public const string TestQueryFailed = "test query failed";
    public const string ReplicationClientClosed = "replication client was closed";
    public const string ReplicationClientDisconnected = "replication client disconnected";
    public const string CancellerGaveUp = "client gave up on cancel request, so we also give up forwarding to server";

    /// <summary>The header that could not be read: at most the first eight bytes in hex.</summary>
    public static string BadPacketHeader(ReadOnlySpan<byte> buffered) =>
        $"bad packet header: '{Convert.ToHexStringLower(buffered[..Math.Min(8, buffered.Length)])}'";

    public static string UnsupportedStartupParameter(string name) => $"unsupported startup parameter: {name}";

    public static string UnsupportedStartupParameterInOptions(string name) => $"unsupported startup parameter in options: {name}";

    /// <summary>NOTICE with SQLSTATE 01000, and a line in the log.</summary>
    public static string SessionStateNotice(string reason) =>
        $"session state ({reason}) does not outlast the transaction: the next one may run on another server (session_state_tracking)";

    /// <summary>
    /// After the login: the database does not exist. The name is cut to 63 bytes. On the console the same text is an ERROR with the whole name
    /// (<see cref="NoSuchDatabaseOnConsole"/>).
    /// </summary>
    public static string NoSuchDatabase(string name) => $"no such database: {WireText.Truncate(name, MaxDatabaseNameBytes)}";

    /// <summary>Console ERROR.</summary>
    public static string NoSuchDatabaseOnConsole(string name) => $"no such database: {name}";

    public static string DatabaseDisabled(string name) => $"database \"{name}\" is disabled";

    public static string AuthenticationDatabaseDisabled(string name) => $"authentication database \"{name}\" is disabled";

    /// <summary>The pool has no server and its last login failed: the reason is cut to 99 bytes, the whole text to 127.</summary>
    public static string ServerLoginHasBeenFailing(string reason) =>
        WireText.Truncate(
            $"server login has been failing, cached error: {WireText.Truncate(reason, MaxCachedReasonBytes)} (server_login_retry)",
            MaxCachedErrorBytes);

    /// <summary>Console ERROR.</summary>
    public static string InvalidCommand(string query) => $"invalid command '{query}', use SHOW HELP;";

    /// <summary>Console ERROR.</summary>
    public static string DatabaseNotPaused(string name) => $"database {name} is not paused";

    /// <summary>Console ERROR; <paramref name="verb"/> is pause, reconnect, disable, enable or kill.</summary>
    public static string CannotTouchAdminDatabase(string verb) => $"cannot {verb} admin db: pgbouncer";

    /// <summary>Console ERROR of WAIT_CLOSE.</summary>
    public const string CannotWaitInAdminDatabase = "cannot wait in admin db: pgbouncer";

    /// <summary>Console ERROR for a message of a protocol that the console does not speak.</summary>
    public static string UnsupportedConsolePacket(byte type) => $"unsupported packet type for admin console: {type}";
}
