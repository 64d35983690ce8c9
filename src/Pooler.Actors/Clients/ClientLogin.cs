using Pooler.Actors.Admin;
using Pooler.Actors.Auth;
using Pooler.Actors.Auth.Scram;
using Pooler.Actors.Configuration;
using Pooler.Actors.Logging;
using Pooler.Actors.Relay;
using Pooler.Actors.Supervision;
using Pooler.Actors.Transport;
using Pooler.Actors.Wire;
using Serilog.Events;

namespace Pooler.Actors.Clients;

/// <summary>
/// How one client proves who it is: which method counts for it, and the exchange of messages. Lives from the startup packet to the end of the login, on
/// the loop's thread.
/// </summary>
internal sealed class ClientLogin
{
    /// <summary>The user who may enter the console from the pooler's own account, without a password.</summary>
    private const string ConsoleUser = "pgbouncer";

    private readonly LoopContext _context;
    private readonly ClientStartup _startup;
    private FrameStream<LoginPolicy> _messages;
    private ClientAuthentication? _authentication;

    public ClientLogin(LoopContext context, ClientStartup startup)
    {
        _context = context;
        _startup = startup;
    }

    /// <summary>What came behind the startup packet.</summary>
    public ReadOnlySpan<byte> Rest => _startup.Rest;

    /// <summary>The database that is asked for; null: there is none of that name.</summary>
    public DatabaseSettings? Database => _startup.Database;

    /// <summary>The key of the pool that the client will join.</summary>
    public Pools.PoolKey PoolKey => _startup.PoolKey;

    /// <summary>The console is asked for.</summary>
    public bool IsConsole => _startup.IsConsole;

    /// <summary>Its cancel key has the tail of protocol 3.2.</summary>
    public bool HasLongKey => _startup.ProtocolVersion >= ProtocolCode.Version32;

    /// <summary>What a replication client wants of its server; null: it is none.</summary>
    public ReplicationStartup? Replication => _startup.Parameters is { Replication: not ReplicationMode.None } parameters
        ? new ReplicationStartup(parameters.Replication, parameters.Values, parameters.Options)
        : null;

    /// <summary>What a client of the console may do.</summary>
    public AdminRights Rights { get; private set; } = AdminRights.ReadOnly;

    /// <summary>What the login gives for logging in to servers as the same user.</summary>
    public ScramKeys? Keys => _authentication?.Keys;

    /// <summary>How many bytes of what came last belong to the login; what follows them does not when it has passed.</summary>
    public int Consumed { get; private set; }

    private string User => _startup.Parameters.User;

    /// <summary>Whether the client belongs to a pool, which a log line then names by its database.</summary>
    public bool HasPool => HasPoolFor(_context.Settings, _startup.Parameters, _startup.Database, _startup.Connection.Remote);

    /// <summary>
    /// The same from the startup packet alone: neither a user nor a database that is not there has a pool. <paramref name="database"/>: null if there is none of
    /// that name.
    /// </summary>
    public static bool HasPoolFor(PoolerSettings settings, StartupParameters parameters, DatabaseSettings? database, PeerAddress remote)
    {
        var isConsole = parameters.Database == PoolerSettings.ConsoleDatabase;
        return (database is not null || isConsole)
            && (settings.Global.AuthType == AuthType.Any || settings.IsKnownUser(parameters.User) || (isConsole && IsOwnAccount(parameters.User, remote)));
    }

    /// <summary>A client of the pooler's own account, over the unix socket and under the name for it, enters the console without a password.</summary>
    public static bool IsOwnAccount(string user, PeerAddress remote) =>
        user == ConsoleUser && remote.Kind == AddressKind.Unix && remote.Uid == ProcessUser.Id;

    /// <summary>Starts: writes the first message to the client, or decides at once.</summary>
    public ClientLoginResult Begin(MessageWriter writer)
    {
        if (_startup.NeedsNegotiation)
        {
            writer.WriteNegotiateProtocolVersion(_startup.ProtocolVersion, _startup.Parameters.UnsupportedProtocolOptions);
        }

        var global = _context.Settings.Global;
        if (_startup.IsConsole)
        {
            if (IsOwnAccount(User, _startup.Connection.Remote))
            {
                var name = SocketNames.Client(_startup.SocketId, null, User, _startup.Connection.Remote);
                _context.Log.Line(LogEventLevel.Information, name, "pgbouncer access from unix socket");
                Rights = AdminRights.Admin;
                return new ClientLoginResult(ClientLoginStatus.Passed);
            }

            var isAdmin = NameList.Contains(global.AdminUsers, User);
            Rights = isAdmin ? AdminRights.Admin : AdminRights.ReadOnly;
            if (global.AuthType != AuthType.Any && !isAdmin && !NameList.Contains(global.StatsUsers, User)
                && _context.Settings.IsKnownUser(User))
            {
                return new ClientLoginResult(ClientLoginStatus.Refused, PoolerErrors.NotAllowed);
            }
        }
        else if (global.AuthType == AuthType.Any && _startup.Database?.User is null)
        {
            // Everybody may be anybody only where the server sees one user.
            var name = SocketNames.Client(_startup.SocketId, _startup.Parameters.Database, User, _startup.Connection.Remote);
            _context.Log.Line(LogEventLevel.Error, name, "auth_type=any requires forced user");
            return new ClientLoginResult(ClientLoginStatus.Refused, PoolerErrors.BouncerConfigError);
        }

        _context.Settings.UserList.TryGetSecret(User, out var secret);
        _authentication = new ClientAuthentication(
            MethodOf(global.AuthType),
            User,
            _context.Settings.IsKnownUser(User),
            StoredSecret.Parse(secret),
            global.ScramIterations,
            _context.Authentication);
        return Conclude(_authentication.Begin(writer));
    }

    /// <summary>Takes what the client sent and writes what it gets.</summary>
    public ClientLoginResult Receive(ReadOnlySpan<byte> input, BufferPool buffers, MessageWriter writer)
    {
        var position = 0;
        while (true)
        {
            if (position < input.Length && _messages.AtBoundary && input[position] == 0)
            {
                return new ClientLoginResult(ClientLoginStatus.Refused, PoolerErrors.StartupResent);
            }

            switch (_messages.Next(input, ref position, buffers, StartupRequest.MaxAuthenticationLength, out var message, out _))
            {
                case FrameStep.End:
                    return new ClientLoginResult(ClientLoginStatus.Pending);
                case FrameStep.Header when message[0] == FrontendMessage.Password && _authentication is not null:
                    var result = Conclude(_authentication.Receive(message[5..], writer));
                    if (result.Status != ClientLoginStatus.Pending)
                    {
                        Consumed = position;
                        return result;
                    }

                    break;
                case FrameStep.Header when message[0] == FrontendMessage.Terminate:
                    return new ClientLoginResult(ClientLoginStatus.Ended, PoolerErrors.ClientCloseRequest);
                case FrameStep.Header:
                    return new ClientLoginResult(ClientLoginStatus.Ended, PoolerErrors.BadPacket);
                default:
                    return new ClientLoginResult(ClientLoginStatus.Refused, PoolerErrors.BadPacketHeader(message));
            }
        }
    }

    /// <summary>Gives back what is kept.</summary>
    public void Release(BufferPool buffers) => _messages.Release(buffers);

    private static AuthMethod MethodOf(AuthType type) => type switch
    {
        AuthType.Any => AuthMethod.Any,
        AuthType.Trust => AuthMethod.Trust,
        AuthType.Plain => AuthMethod.Plain,
        AuthType.Md5 => AuthMethod.Md5,
        AuthType.ScramSha256 => AuthMethod.ScramSha256,
        _ => throw new InvalidOperationException($"auth_type {type} passed the check of the settings"),
    };

    private static ClientLoginResult Conclude(AuthenticationResult result) => result.Outcome switch
    {
        AuthenticationOutcome.Succeeded => new ClientLoginResult(ClientLoginStatus.Passed),
        AuthenticationOutcome.Failed => new ClientLoginResult(ClientLoginStatus.Refused, result.Error),
        _ => new ClientLoginResult(ClientLoginStatus.Pending),
    };
}
