using Akka.Actor;
using Pooler.Actors.Admin;
using Pooler.Actors.Cancel;
using Pooler.Actors.Configuration;
using Pooler.Actors.Logging;
using Pooler.Actors.Pools;
using Pooler.Actors.Supervision;
using Pooler.Actors.Transport;
using Pooler.Actors.Wire;
using Serilog.Events;

namespace Pooler.Actors.Clients;

/// <summary>
/// One client: proves who it is, joins its pool, and then asks for a server whenever it has something to say. While it holds a lease it alone reads
/// and writes both sockets. It lives on the loop of its pool and is never restarted: when it faults it ends, and its server is closed or cleaned.
/// The other parts of the class are the login and the exchange with a server.
/// </summary>
/// <remarks>
/// Login -> FindingPool -> AwaitingWelcome -> Idle -> Waiting -> Active -> Idle ... -> Closed. The phase is a field, since it changes twice per transaction.
/// </remarks>
internal sealed partial class ClientConnection : UntypedActor, IConnectionOwner, IDeadlineHolder, ICancelTarget
{
    private readonly LoopContext _context;
    private readonly PoolerTree _tree;
    private readonly Connection _connection;
    private readonly IActorRef _self;
    private readonly Acquire _acquire;
    private readonly ParameterValues _parameters;
    private readonly string _user;
    private readonly string _databaseName;
    private readonly ClientPlace _place;
    private readonly long _connectStart;
    private readonly DateTimeOffset _connectTime;
    private ClientPhase _phase;
    private ClientLogin? _login;
    private IActorRef? _pool;
    private PoolRecord? _record;
    private Lease? _lease;
    private CancelKey _key;
    private long _lastRequest;
    private bool _hasFaulted;

    /// <summary>Its server has ended, or gone back to be closed, in the middle of a message of which this client has the beginning.</summary>
    private bool _isMessageCut;

    public ClientConnection(LoopContext context, PoolerTree tree, ClientStartup startup)
    {
        _context = context;
        _tree = tree;
        _self = Self;
        _connection = startup.Connection;
        _parameters = startup.Parameters.Values;
        _user = startup.Parameters.User;
        _databaseName = startup.Parameters.Database;
        _place = startup.Place;
        _connectStart = startup.ConnectStart;
        _connectTime = startup.ConnectTime;
        _lastRequest = context.Loop.Now;
        _acquire = new Acquire(_self, startup.SocketId);
        _login = new ClientLogin(context, startup);
        HasLongKey = _login.HasLongKey;
    }

    public int SweepPosition { get; set; } = -1;

    /// <summary>The number of the socket.</summary>
    public long SocketId => _acquire.SocketId;

    /// <summary>Its actor.</summary>
    public IActorRef Actor => _self;

    /// <inheritdoc/>
    public bool HasLongKey { get; }

    /// <summary>It has proved who it is and is on its way into a pool or in one.</summary>
    public bool HasEntered => _phase is ClientPhase.AwaitingWelcome or ClientPhase.Idle or ClientPhase.Waiting or ClientPhase.Active;

    private PoolerSettings Settings => _context.Settings;

    /// <summary>The user of the pool; known with the welcome.</summary>
    private string ServerUser => _record!.Key.User;

    /// <summary>Whether it keeps a server for good once it has one; known with the welcome. A replication client does in every pool mode.</summary>
    private bool IsSession => Settings.PoolMode(_record!.Database, ServerUser) == PoolMode.Session || _lease is { Link.Replication: not ReplicationMode.None };

    private string Name => SocketNames.Client(SocketId, _login is { HasPool: false } ? null : _databaseName, _user, _connection.Remote);

    public void Signal(Connection connection, ConnectionSignal signal) =>
        _self.Tell(ReferenceEquals(connection, _connection) ? SocketEvent.Client(signal) : SocketEvent.Server(signal), ActorRefs.NoSender);

    /// <summary>What SHOW CLIENTS prints of this client; called on the loop's thread.</summary>
    public SocketSnapshot Snapshot()
    {
        var now = _context.Loop.Now;
        var queryStart = _phase is ClientPhase.Waiting or ClientPhase.AwaitingWelcome ? _acquire.Since : _lease?.Link.QueryStart ?? 0;
        return new SocketSnapshot
        {
            State = _phase switch
            {
                ClientPhase.Login or ClientPhase.FindingPool => SocketState.ClientLogin,
                ClientPhase.AwaitingWelcome or ClientPhase.Waiting => SocketState.ClientWaiting,
                _ => SocketState.ClientActive,
            },
            User = _user,
            Database = _databaseName,
            Addr = _connection.Remote.Host,
            Port = _connection.Remote.Port,
            LocalAddr = _connection.Local.Host,
            LocalPort = _connection.Local.Port,
            ConnectTime = _connectTime,
            RequestTime = _context.Loop.WallClock - TimeSpan.FromMicroseconds(now - _lastRequest),
            Wait = queryStart > 0 ? now - queryStart : 0,
            Ptr = SocketNames.Pointer(SocketId),
            Link = _lease is null ? 0 : SocketNames.Pointer(_lease.Server.Id),
            RemotePid = _connection.Remote.Pid,
            PreparedStatements = _statements?.Count ?? 0,
            RecvPos = _heldLength,
            PktRemain = (int)Math.Min(_requests.Remaining, int.MaxValue),
            PktAvail = _heldLength,
            SendAvail = _lease?.Link.Connection.Unsent ?? 0,
            ApplicationName = _parameters[_context.Tracked.ApplicationNameIndex] ?? "",
            Replication = ReplicationModes.Word(_login?.Replication?.Mode ?? _lease?.Link.Replication ?? ReplicationMode.None),
            Pin = SnapshotPin(),
            Id = SocketId,
        };
    }

    protected override void PreStart()
    {
        _context.Clients.Add(this);
        _context.Loop.Deadlines.Add(this);
        if (ReferenceEquals(_connection.Loop, _context.Loop))
        {
            _connection.Owner = this;
        }
        else
        {
            _context.Loop.Attach(_connection, this);
        }

        BeginLogin();
    }

    protected override void OnReceive(object message)
    {
        try
        {
            Take(message);
        }
        catch (Exception) when (NoteFault())
        {
            throw;
        }
    }

    private bool NoteFault()
    {
        _hasFaulted = true;
        return false;
    }

    private void Take(object message)
    {
        switch (message)
        {
            case SocketEvent socket:
                OnSocket(socket);
                break;
            case Lease lease:
                OnLease(lease);
                break;
            case DeadlinePassed:
                OnDeadline();
                break;
            case StillQueued:
                OnStillQueued();
                break;
            case PoolFound found:
                OnPoolFound(found);
                break;
            case Welcome welcome:
                OnWelcome(welcome);
                break;
            case PoolRefused refused:
                Close(refused.Text, refused.SqlState);
                break;
            case LeaseRevoked revoked:
                OnRevoked(revoked);
                break;
            case PoolRetired:
                OnPoolRetired();
                break;
            case PoolRestarted:
                OnPoolRestarted();
                break;
            case ForceDisconnect order:
                Close(order.Reason);
                break;
            case CancelRequested cancel:
                OnCancelRequested(cancel.Requester);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void PostStop()
    {
        // Reached without Close when the actor has faulted, and the rest of the pooler must not notice, or when the whole tree stops.
        if (_phase != ClientPhase.Closed)
        {
            if (_hasFaulted)
            {
                _context.Log.Line(LogEventLevel.Error, Name, "closing because: internal error");
            }

            LeaveServer();
            _connection.Close();
        }

        _phase = ClientPhase.Closed;
        _context.Clients.Remove(this);
        _context.Loop.Deadlines.Remove(this);
        if (!_isHandedOver)
        {
            _context.CancelTargets.Remove(_key);
            _context.Counters.RemoveClient();
            _context.Counters.ClientCounts.Remove(_place);
        }

        _login?.Release(_context.Loop.Buffers);
        ReleaseHeld();
        _statements?.Clear();
        _requests.Release(_context.Loop.Buffers);
        _pool?.Tell(new LeavePool(_acquire, null), _self);
    }

    private void OnSocket(SocketEvent socket)
    {
        if (_isSuspended && IsHeldBack(socket))
        {
            return;
        }

        if (socket.IsServer)
        {
            OnServerSocket(socket.Signal);
            return;
        }

        switch (_phase)
        {
            case ClientPhase.Active:
                OnClientWhileActive(socket.Signal);
                break;
            case ClientPhase.Idle:
            case ClientPhase.Waiting:
                if (socket.Signal == ConnectionSignal.Readable)
                {
                    ReceiveWithoutServer();
                }
                else if (socket.Signal == ConnectionSignal.Drained && _phase == ClientPhase.Idle && !_isSuspended)
                {
                    _connection.ResumeReading();
                }
                else
                {
                    EndIfLeft(socket.Signal);
                }

                break;
            case ClientPhase.Login:
                if (socket.Signal == ConnectionSignal.Readable)
                {
                    ReceiveLogin();
                }

                break;
            case ClientPhase.FindingPool:
            case ClientPhase.AwaitingWelcome:
                if (socket.Signal == ConnectionSignal.Readable)
                {
                    ReceiveBeforeWelcome();
                }
                else
                {
                    EndIfLeft(socket.Signal);
                }

                break;
            default:
                break;
        }
    }

    /// <summary>Nobody opens or keeps a server for a client that has gone, even if bytes of it wait unread.</summary>
    private void EndIfLeft(ConnectionSignal signal)
    {
        if (signal == ConnectionSignal.PeerLeft && _phase != ClientPhase.Idle)
        {
            End(PoolerErrors.ClientUnexpectedEof);
        }
    }

    /// <summary>Ends the client with a fatal error, if it can be told.</summary>
    private void Close(string text, string sqlState = SqlStates.ProtocolViolation)
    {
        if (_phase == ClientPhase.Closed)
        {
            return;
        }

        // In the middle of a message it would be read as the rest of that.
        if (!_isMessageCut && _lease?.Link.IsResponseUnfinished != true)
        {
            var writer = _context.Writer;
            writer.Reset();
            writer.WriteFatal(text, sqlState);
            _connection.Send(writer.Written);
        }

        End(text, isLastWordPending: true);
        if (Settings.Global.LogPoolerErrors)
        {
            _context.Log.Line(LogEventLevel.Warning, Name, $"pooler error: {text}");
        }
    }

    /// <summary>
    /// Ends the client. Without a last word for it, whatever else is on its way to a client that has left is dropped; without a reason nothing
    /// is logged.
    /// </summary>
    private void End(string? reason, bool isLastWordPending = false)
    {
        if (_phase == ClientPhase.Closed)
        {
            return;
        }

        LeaveServer();
        _phase = ClientPhase.Closed;
        if (reason is not null)
        {
            _context.LogClosing(Name, reason, _connectStart);
        }

        if (isLastWordPending)
        {
            _connection.CloseAfterFlush();
        }
        else
        {
            _connection.Close();
        }

        Context.Stop(_self);
    }
}
