using Akka.Actor;
using Pooler.Actors.Dns;
using Pooler.Actors.Logging;
using Pooler.Actors.Relay;
using Pooler.Actors.Supervision;
using Pooler.Actors.Transport;
using Pooler.Actors.Wire;
using Serilog.Events;

namespace Pooler.Actors.Servers;

/// <summary>
/// One connection to PostgreSQL: resolves and connects, logs in, then lends itself out through its pool. It reads and writes its socket only while
/// no client holds the lease: during the login, and for the reset and check queries in between. Never restarted: a broken one is replaced by its pool.
/// </summary>
/// <remarks>
/// Resolving -> Connecting -> Login -> Lent (the pool's or a client's) -> OwnQuery -> Lent ... -> Closed.
/// </remarks>
internal sealed class ServerConnection : UntypedActor, IConnectionOwner
{
    private readonly LoopContext _context;
    private readonly ServerPlan _plan;
    private readonly IActorRef _self;
    private readonly IActorRef _pool;
    private readonly long _connectStart;
    private ServerPhase _phase;
    private HostResolved? _host;
    private ConnectTarget? _target;
    private Connection? _connection;
    private ServerLogin? _login;
    private ServerLink? _link;
    private bool _isReset;
    private bool _isReported;

    public ServerConnection(LoopContext context, ServerPlan plan)
    {
        _context = context;
        _plan = plan;
        _self = Self;
        _pool = Context.Parent;
        _connectStart = context.Loop.Now;
    }

    private string Name => SocketNames.Server(
        _plan.Id, _plan.Database.Name, _plan.User, _connection?.Remote.ToString() ?? $"{_plan.Database.Host ?? "unix"}:{_plan.Database.Port}");

    public static Props Props(LoopContext context, ServerPlan plan) =>
        Akka.Actor.Props.Create<ServerConnection>(context, plan).WithDispatcher(ActorNames.LoopDispatcher(context.Loop.Index));

    public void Signal(Connection connection, ConnectionSignal signal) => _self.Tell(SocketEvent.Server(signal), ActorRefs.NoSender);

    protected override void PreStart()
    {
        var hosts = _plan.Database.Hosts;
        var host = hosts.Count == 0 ? _context.Settings.Global.UnixSocketDir : hosts[(int)((uint)_plan.HostTurn % (uint)hosts.Count)].Trim();
        if (host.Length == 0)
        {
            FailLogin(PoolerErrors.CannotConnect);
        }
        else if (ServerHost.WithoutLookup(host, _plan.Database.Port) is { } target)
        {
            ConnectTo(target);
        }
        else
        {
            _phase = ServerPhase.Resolving;
            _context.Dns.Tell(new ResolveHost(host), _self);
        }
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SocketEvent socket:
                OnSocket(socket.Signal);
                break;
            case RunOwnQuery query:
                RunOwnQuery(query);
                break;
            case HostResolved resolved when _phase == ServerPhase.Resolving:
                OnResolved(resolved);
                break;
            case CloseServer close:
                Close(close.Reason, polite: true);
                break;
            case LookAtServer:
                Look();
                break;
            case HostResolved:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void PostStop()
    {
        if (_link is not null)
        {
            _link.Release(_context.Loop.Buffers);
        }

        _login?.Release(_context.Loop.Buffers);
        _phase = ServerPhase.Closed;
        _connection?.Close();
        _plan.Place.Return();
    }

    private void OnResolved(HostResolved host)
    {
        if (host.Address is not { } address)
        {
            FailLogin(PoolerErrors.ServerDnsLookupFailed);
            return;
        }

        _host = host;
        ConnectTo(new ConnectTarget.Tcp(address, _plan.Database.Port));
    }

    private void ConnectTo(ConnectTarget target)
    {
        _phase = ServerPhase.Connecting;
        _target = target;
        _connection = _context.Loop.Connect(target, _context.SocketOptions, this);
    }

    private void OnSocket(ConnectionSignal signal)
    {
        switch (_phase, signal)
        {
            case (ServerPhase.Connecting, ConnectionSignal.Connected):
                BeginLogin();
                break;
            case (ServerPhase.Connecting, ConnectionSignal.ConnectFailed):
                // What is wrong here is the operator's to see; what is wrong there, the end of the connection tells.
                var level = _connection!.HasFailedAtOnce ? LogEventLevel.Warning : LogEventLevel.Debug;
                if (_context.Log.IsEnabled(level))
                {
                    _context.Log.Line(level, Name, $"cannot connect: {_connection.Error}");
                }

                FailLogin(PoolerErrors.ConnectFailed);
                break;
            case (ServerPhase.Login, ConnectionSignal.Readable):
                ReceiveLogin();
                break;
            case (ServerPhase.OwnQuery, ConnectionSignal.Readable):
                ReceiveOwnQuery();
                break;
            case (ServerPhase.Lent, ConnectionSignal.Readable):
                // The pool knows whether it is free; if a client has it by now, the bytes are the client's.
                _pool.Tell(new ServerSpoke(_plan.Id), _self);
                break;
            default:
                break;
        }
    }

    private void BeginLogin()
    {
        _context.LogServerConnection(Name, _connection!);
        _phase = ServerPhase.Login;
        _login = new ServerLogin(
            _plan.Database, _plan.User, _plan.Secret, _plan.Keys, _context.Authentication, new ParameterValues(_context.Tracked), _context.Log)
        {
            ProtocolVersion = (int)_context.Settings.Global.ServerProtocolVersion,
            Replication = _plan.Replication,
        };
        var writer = _context.Writer;
        writer.Reset();
        _login.Begin(writer);
        _connection!.Send(writer.Written);
    }

    private void ReceiveLogin()
    {
        if (!TryReceive(out var input, out var ended))
        {
            if (ended)
            {
                FailLogin(PoolerErrors.ServerConnectionCrashed);
            }

            return;
        }

        var writer = _context.Writer;
        writer.Reset();
        var result = _login!.Receive(input, _context.Loop.Buffers, writer);
        if (writer.Length > 0)
        {
            _connection!.Send(writer.Written);
        }

        switch (result.Status)
        {
            case ServerLoginStatus.Ready:
                _link = new ServerLink(_connection!, _target!, _plan.Statistics, _login.Key, _login.Reported)
                {
                    LastActivity = _context.Loop.Now,
                    Replication = _plan.Replication?.Mode ?? ReplicationMode.None,
                    KeyTail = _login.KeyTail,
                };
                var parameters = _login.Parameters;
                var rest = input[_login.Consumed..];
                _login = null;
                if (rest.Length > 0 && (UnsolicitedMessages.FindOther(rest) is not null || Relay(rest).Status == RelayStatus.Broken))
                {
                    FailLogin(PoolerErrors.ServerConnectionCrashed);
                    break;
                }

                _phase = ServerPhase.Lent;
                _pool.Tell(new ServerLoggedIn(_plan.Id, _link, parameters, _host), _self);
                break;
            case ServerLoginStatus.Failed:
                FailLogin(result.Reason!, result.Text, result.SqlState);
                break;
            default:
                break;
        }
    }

    private void RunOwnQuery(RunOwnQuery query)
    {
        if (_phase != ServerPhase.Lent || _link is null)
        {
            return;
        }

        _phase = ServerPhase.OwnQuery;
        _isReset = query.IsReset;
        _link.Ledger.Add(ExpectedResponse.Query, ResponseAction.Skip);
        _link.IsReady = false;
        var writer = _context.Writer;
        writer.Reset();

        // The word stands for a query without a text, which a server answers with the least effort.
        writer.WriteQuery(query.Text == "<empty>" ? "" : query.Text);
        _link.Connection.Send(writer.Written);
    }

    private void ReceiveOwnQuery()
    {
        if (!TryReceive(out var input, out var ended))
        {
            if (ended)
            {
                Lose(PoolerErrors.ServerConnectionCrashed);
            }

            return;
        }

        TakeOwnQuery(input);
    }

    private RelayResult Relay(ReadOnlySpan<byte> input) => ResponseRelay.Relay(
        _link!, null, null, input, _context.Loop.Buffers, _context.Writer, (uint)_context.Settings.Global.MaxPacketSize, _context.Loop.Now);

    private void TakeOwnQuery(ReadOnlySpan<byte> input)
    {
        var result = Relay(input);
        if (result.Status == RelayStatus.Broken)
        {
            Lose(result.Text!);
        }
        else if (_link!.IsReleasable)
        {
            // What a failed reset leaves behind must not meet the next client. A failed check says at least that the server is there.
            if (_isReset && _link.OwnQueryFailed)
            {
                Lose(PoolerErrors.ResetQueryFailed);
                return;
            }

            _phase = ServerPhase.Lent;
            _pool.Tell(new OwnQueryDone(_plan.Id), _self);
        }
        else if (_link.IsReady && _link.TransactionStatus != TransactionStatus.Idle)
        {
            Lose(_isReset ? PoolerErrors.ResetQueryFailed : PoolerErrors.TestQueryFailed);
        }
    }

    private bool TryReceive(out ReadOnlySpan<byte> input, out bool ended)
    {
        var status = _connection!.Receive(out input);
        ended = status is ReceiveStatus.EndOfStream or ReceiveStatus.Failed;
        return status == ReceiveStatus.Data;
    }

    private void Look()
    {
        if (_phase != ServerPhase.Lent || _link is null)
        {
            return;
        }

        if (!TryReceive(out var input, out var ended))
        {
            if (ended)
            {
                Lose(PoolerErrors.ServerConnectionCrashed);
            }
            else
            {
                _pool.Tell(new OwnQueryDone(_plan.Id), _self);
            }
        }
        else if (UnsolicitedMessages.FindOther(input) is { } type)
        {
            _context.Log.Line(LogEventLevel.Warning, Name, $"got packet '{(char)type}' from server when not linked");
            Lose(PoolerErrors.IdleServerGotDirty, polite: true);
        }
        else
        {
            // The rest of a message that is not whole is awaited like the answer to a query.
            _phase = ServerPhase.OwnQuery;
            _isReset = false;
            TakeOwnQuery(input);
        }
    }

    private void FailLogin(string reason, string? text = null, string? sqlState = null)
    {
        if (!_isReported)
        {
            _isReported = true;
            _pool.Tell(new ServerLoginFailed(_plan.Id, reason, text, sqlState, IsReached: _phase == ServerPhase.Login), _self);
        }

        Close(reason, polite: false);
    }

    private void Lose(string reason, bool polite = false)
    {
        _pool.Tell(new ServerLost(_plan.Id), _self);
        Close(reason, polite);
    }

    private void Close(string reason, bool polite)
    {
        if (_phase == ServerPhase.Closed)
        {
            return;
        }

        _context.LogClosing(Name, reason, _connectStart);

        // Behind a part of a request a Terminate would be taken for its end.
        if (polite && _link is { IsRequestUnfinished: false, Connection: { IsOpen: true, Unsent: 0 } connection })
        {
            var writer = _context.Writer;
            writer.Reset();
            writer.WriteTerminate();
            connection.Send(writer.Written);
        }

        _phase = ServerPhase.Closed;
        _connection?.Close();
        Context.Stop(_self);
    }
}
