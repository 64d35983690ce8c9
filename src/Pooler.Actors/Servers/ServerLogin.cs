using Pooler.Actors.Auth;
using Pooler.Actors.Auth.Scram;
using Pooler.Actors.Configuration;
using Pooler.Actors.Logging;
using Pooler.Actors.Relay;
using Pooler.Actors.Transport;
using Pooler.Actors.Wire;
using Serilog;
using Serilog.Events;

namespace Pooler.Actors.Servers;

/// <summary>
/// The login to a server, from the startup packet to the first ReadyForQuery and the database's connect_query behind it. Bytes in, bytes out. Source: PostgreSQL
/// protocol, section "Start-up". Used on the loop's thread.
/// </summary>
internal sealed class ServerLogin
{
    private const string TemporarilyUnavailable = "57P03";

    private readonly DatabaseSettings _database;
    private readonly string _user;
    private readonly ServerAuthentication _authentication;
    private readonly ILogger _log;
    private readonly List<KeyValuePair<string, string>> _parameters = [];
    private FrameStream<LoginPolicy> _messages;
    private bool _isAuthenticated;
    private bool _runsConnectQuery;

    public ServerLogin(
        DatabaseSettings database, string user, string? secret, ScramKeys? keys, AuthenticationCache cache, ParameterValues reported, ILogger log)
    {
        _database = database;
        _user = user;
        _authentication = new ServerAuthentication(user, StoredSecret.Parse(secret), keys, cache);
        Reported = reported;
        _log = log;
    }

    /// <summary>The version of the protocol to ask for, a value of <see cref="ProtocolCode"/>.</summary>
    public int ProtocolVersion { get; init; } = ProtocolCode.Version3;

    /// <summary>The replication client that the server is for; null: it is for all.</summary>
    public ReplicationStartup? Replication { get; init; }

    /// <summary>Everything that the server reported, in its order, a name once.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters => _parameters;

    /// <summary>The tracked ones among them.</summary>
    public ParameterValues Reported { get; }

    /// <summary>Bytes of what was received last that belong to the login; what is beyond comes from a server that is logged in.</summary>
    public int Consumed { get; private set; }

    /// <summary>The server's cancel key.</summary>
    public CancelKey Key { get; private set; }

    /// <summary>The rest of a longer key.</summary>
    public byte[] KeyTail { get; private set; } = [];

    /// <summary>Writes the startup packet.</summary>
    public void Begin(MessageWriter writer)
    {
        var parameters = new List<KeyValuePair<string, string>> { new("database", _database.DbName) };
        Add("client_encoding", _database.ClientEncoding);
        Add("datestyle", _database.DateStyle);
        Add("timezone", _database.TimeZone);
        Add("application_name", _database.ApplicationName);
        if (Replication is { } replication)
        {
            // The server is this client's for good: what it asked for is in force from the start, and behind the database's own values it wins.
            Add("replication", ReplicationModes.StartupValue(replication.Mode));
            for (var i = 0; i < replication.Values.Tracked.Count; i++)
            {
                Add(replication.Values.Tracked.Names[i], replication.Values[i]);
            }

            Add("options", replication.Options);
        }

        parameters.Add(new("user", _user));
        writer.WriteStartupMessageOf(ProtocolVersion, parameters.ToArray());

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                parameters.Add(new(name, value));
            }
        }
    }

    /// <summary>Takes what the server sent and writes what it gets.</summary>
    public ServerLoginResult Receive(ReadOnlySpan<byte> input, BufferPool buffers, MessageWriter writer)
    {
        var position = 0;
        while (true)
        {
            switch (_messages.Next(input, ref position, buffers, LoginPolicy.LargestMessage, out var message, out _))
            {
                case FrameStep.End:
                    return new ServerLoginResult(ServerLoginStatus.Pending);
                case FrameStep.Header:
                    var result = Take(message, writer);
                    if (result.Status != ServerLoginStatus.Pending)
                    {
                        Consumed = position;
                        _messages.Release(buffers);
                        return result;
                    }

                    break;
                default:
                    _messages.Release(buffers);
                    return Failed(PoolerErrors.BadServerPacketHeader);
            }
        }
    }

    /// <summary>Gives back what is kept.</summary>
    public void Release(BufferPool buffers) => _messages.Release(buffers);

    private static ServerLoginResult Failed(string reason, string? text = null, string? sqlState = null) =>
        new(ServerLoginStatus.Failed, reason, text, sqlState);

    private ServerLoginResult Take(ReadOnlySpan<byte> message, MessageWriter writer)
    {
        var body = message[5..];
        switch (message[0])
        {
            case BackendMessage.Authentication when !_isAuthenticated:
                return Authenticate(body, writer);
            case BackendMessage.ErrorResponse:
                return TakeError(body);
            case BackendMessage.ParameterStatus when _isAuthenticated:
                return TakeParameter(body);
            case BackendMessage.BackendKeyData when _isAuthenticated && !_runsConnectQuery:
                if (!BackendKeyData.TryRead(body, out var key, out var tail))
                {
                    return Failed(PoolerErrors.BadCancelKey);
                }

                Key = key;
                KeyTail = tail.IsEmpty ? [] : tail.ToArray();
                break;
            case BackendMessage.ReadyForQuery when _isAuthenticated:
                if (_runsConnectQuery || string.IsNullOrEmpty(_database.ConnectQuery) || Replication is { Mode: ReplicationMode.Physical })
                {
                    return new ServerLoginResult(ServerLoginStatus.Ready);
                }

                _runsConnectQuery = true;
                writer.WriteQuery(_database.ConnectQuery);
                break;
            case BackendMessage.NegotiateProtocolVersion when !_isAuthenticated:
                // Nothing hangs on which older version it is, but no server may answer with a newer one, or miss options that nobody asked for.
                if (!NegotiateProtocolVersion.TryRead(body, out var version, out var options)
                    || version < ProtocolCode.Version3 || version > ProtocolVersion || options > 0)
                {
                    return Failed(PoolerErrors.UnknownPacketFromServer);
                }

                break;
            case BackendMessage.NoticeResponse:
            case BackendMessage.NotificationResponse:
                break;
            default:
                // The results of the connect_query are of no interest.
                if (!_runsConnectQuery)
                {
                    return Failed(PoolerErrors.UnknownPacketFromServer);
                }

                break;
        }

        return new ServerLoginResult(ServerLoginStatus.Pending);
    }

    private ServerLoginResult Authenticate(ReadOnlySpan<byte> body, MessageWriter writer)
    {
        var result = _authentication.Receive(body, writer);
        switch (result.Outcome)
        {
            case AuthenticationOutcome.Failed:
                var isForClients = result.Error!.StartsWith("server login failed", StringComparison.Ordinal);
                return Failed(result.Error, isForClients ? result.Error : null, isForClients ? SqlStates.ProtocolViolation : null);
            case AuthenticationOutcome.Succeeded:
                _isAuthenticated = true;
                break;
            default:
                break;
        }

        return new ServerLoginResult(ServerLoginStatus.Pending);
    }

    private ServerLoginResult TakeError(ReadOnlySpan<byte> body)
    {
        ServerError.TryRead(body, out var error);
        if (_runsConnectQuery)
        {
            _log.Line(LogEventLevel.Error, $"S: error while executing exec_on_query: {error.SeverityOrDefault}: {error.MessageOrDefault}");
            return new ServerLoginResult(ServerLoginStatus.Pending);
        }

        if (Replication is not null)
        {
            // Much of what can be wrong here, a missing right or slot or sender, says nothing to other clients.
            _log.Line(LogEventLevel.Error, $"S: login failed: {error.SeverityOrDefault}: {error.MessageOrDefault}");
            return Failed(PoolerErrors.LoginFailed);
        }

        _log.Line(LogEventLevel.Warning, $"server login failed: {error.SeverityOrDefault} {error.MessageOrDefault}");

        // A server that starts up or shuts down will be back: those who wait go on waiting.
        return error.SqlState == TemporarilyUnavailable
            ? Failed(error.MessageOrDefault)
            : Failed(error.MessageOrDefault, error.MessageOrDefault, error.SqlStateOrDefault);
    }

    private ServerLoginResult TakeParameter(ReadOnlySpan<byte> body)
    {
        if (!ParameterStatusMessage.TryRead(body, out var name, out var value))
        {
            return Failed(PoolerErrors.BrokenParameterStatus);
        }

        Reported.TrySet(name, value);
        var parameter = new KeyValuePair<string, string>(WireText.Decode(name), WireText.Decode(value));
        var known = _parameters.FindIndex(other => other.Key == parameter.Key);
        if (known >= 0)
        {
            _parameters[known] = parameter;
        }
        else
        {
            _parameters.Add(parameter);
        }

        return new ServerLoginResult(ServerLoginStatus.Pending);
    }
}
