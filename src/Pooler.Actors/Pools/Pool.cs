using Akka.Actor;
using Pooler.Actors.Admin;
using Pooler.Actors.Cancel;
using Pooler.Actors.Configuration;
using Pooler.Actors.Logging;
using Pooler.Actors.Servers;
using Pooler.Actors.Supervision;
using Pooler.Actors.Transport;
using Pooler.Actors.Wire;
using Serilog.Events;

namespace Pooler.Actors.Pools;

/// <summary>
/// The pool of one (database, server user): its queue of clients, its servers and who has them. Lives on its home loop, as do its clients and servers, so that
/// nothing here needs a lock. The other parts of the class serve the queue, open servers, take them back, look after them and cancel.
/// </summary>
internal sealed partial class Pool : UntypedActor, IDeadlineHolder
{
    private readonly LoopContext _context;
    private readonly PoolRecord _record;
    private readonly PoolServers _servers = new();
    private readonly WaitQueue _queue = new();
    private readonly List<Acquire> _joining = [];
    private readonly IActorRef _self;
    private bool _isRestarting;
    private bool _isDropped;

    public Pool(LoopContext context, PoolRecord record)
    {
        _context = context;
        _record = record;
        _self = Self;
    }

    public int SweepPosition { get; set; } = -1;

    private PoolerSettings Settings => _context.Settings;

    private DatabaseSettings Database => _record.Database;

    private string User => _record.Key.User;

    /// <summary>
    /// As whom new servers are logged in. It differs from <see cref="User"/> once the settings name another user for the database than when the clients came: they
    /// go on as that user, in this pool, while those who come from now on have a pool of its name.
    /// </summary>
    private string LoginUser => Database.User ?? User;

    private int MinPoolSize => LoginUser == User ? Settings.MinPoolSize(Database, User) : 0;

    public static Props Props(LoopContext context, PoolRecord record) =>
        Akka.Actor.Props.Create<Pool>(context, record).WithDispatcher(ActorNames.LoopDispatcher(context.Loop.Index));

    public void Sweep(long now)
    {
        if (_record.IsEnded || _context.IsSuspended)
        {
            return;
        }

        if (IsRetirementDue(now) || _queue.Count > 0 || _joining.Count > 0 || _replication.Count > 0 || _servers.Open > 0 || MinPoolSize > 0)
        {
            _self.Tell(PoolSweep.Instance, ActorRefs.NoSender);
        }
    }

    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(-1, -1, exception =>
        {
            _context.Log.Line(LogEventLevel.Error, $"server actor of {_record.Key.Database}/{User} failed: {exception}");
            return Directive.Stop;
        });

    protected override void PreStart()
    {
        if (!_record.IsEnded)
        {
            _context.Pools[_record.Key] = _self;
        }

        _context.Loop.Deadlines.Add(this);

        // After a fault no server is left.
        CheckPaused();
        CheckReplaced();
    }

    protected override void PreRestart(Exception reason, object message)
    {
        _isRestarting = true;
        base.PreRestart(reason, message);
    }

    protected override void PostStop()
    {
        _context.Loop.Deadlines.Remove(this);
        foreach (var server in _servers.All)
        {
            if (_isDropped && server.State != ServerState.Closing)
            {
                var remote = server.Lease?.Link.Connection.Remote.ToString() ?? $"{Database.Host ?? "unix"}:{Database.Port}";
                _context.LogClosing(SocketNames.Server(server.Id, _record.Key.Database, User, remote), PoolerErrors.DatabaseRemoved, server.ConnectStart);
            }

            if ((_isRestarting || _isDropped) && server.Lease is { Holder: { } holder } lease)
            {
                // A lease that is on its way back means nothing to the pool made anew.
                lease.Holder = null;
                holder.Granted = null;
                holder.Client.Tell(new LeaseRevoked(lease, _isDropped ? PoolerErrors.DatabaseRemoved : PoolerErrors.ServerConnectionCrashed), _self);
            }
        }

        // Not all of them need be among the clients: after a restart a wish may come before its client has joined again.
        while (_queue.Dequeue() is not null)
        {
        }

        foreach (var client in _record.Clients)
        {
            client.Granted = null;
            if (_isRestarting)
            {
                client.Client.Tell(PoolRestarted.Instance, _self);
            }
            else if (_isDropped)
            {
                Refuse(client, PoolerErrors.DatabaseRemoved);
            }
        }

        GiveUpCancels();
        GiveUpPlace();
        if (_isRestarting)
        {
            // They join again.
            _record.Clients.Clear();
        }
        else
        {
            Unregister();
        }
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Acquire acquire:
                OnAcquire(acquire);
                break;
            case Released released:
                OnReleased(released.Lease);
                break;
            case PoolSweep:
                if (!_record.IsEnded)
                {
                    Maintain();
                }

                break;
            case JoinPool join:
                OnJoin(join);
                break;
            case LeavePool leave:
                OnLeave(leave);
                break;
            case OwnQueryDone done:
                OnOwnQueryDone(done.Id);
                break;
            case ServerLoggedIn loggedIn:
                OnLoggedIn(loggedIn);
                break;
            case ServerLoginFailed failed:
                OnLoginFailed(failed);
                break;
            case ServerSpoke spoke:
                OnServerSpoke(spoke.Id);
                break;
            case ServerLost lost:
                OnServerGone(lost.Id);
                break;
            case Terminated terminated:
                OnTerminated(terminated.ActorRef);
                break;
            case CancelLease cancel:
                OnCancel(cancel);
                break;
            case CancelCarried carried:
                OnCarried(carried);
                break;
            case PlaceGranted:
                OnPlaceGranted();
                break;
            case OfferServer offer:
                Sender.Tell(new ServerOffered(offer, LongestUnused?.LastUse), _self);
                break;
            case EvictServer evict:
                if (!EvictFor(starved: false))
                {
                    Sender.Tell(new ServerKept(evict), _self);
                }

                break;
            case CollectPools collect:
                Sender.Tell(new PoolCollected(collect.Id, Snapshot()), _self);
                break;
            default:
                OnControl(message);
                break;
        }
    }

    private void Close(PooledServer server, string reason)
    {
        if (server.State == ServerState.Closing)
        {
            return;
        }

        _servers.Move(server, ServerState.Closing);
        server.Place.Leave();
        server.Actor.Tell(new CloseServer(reason), _self);
    }

    private void OnServerSpoke(long id)
    {
        // By the time this comes the server may be on loan: then what it says is the client's.
        if (!_servers.TryGet(id, out var server))
        {
            return;
        }

        if (server.State == ServerState.Idle && _context.IsSuspended)
        {
            // It is signalled again when reading goes on, and not while others are still on their way to rest.
            server.Lease!.Link.Connection.PauseReading();
            return;
        }

        if (server.State is ServerState.Idle or ServerState.Used)
        {
            _servers.Move(server, ServerState.Tested);
            server.Actor.Tell(LookAtServer.Instance, _self);
        }
        else if (server.State == ServerState.BeingCanceled)
        {
            Close(server, PoolerErrors.IdleServerGotDirty);
            ServeQueue();
            CheckPaused();
        }
    }

    private void OnServerGone(long id)
    {
        if (!_servers.TryGet(id, out var server))
        {
            return;
        }

        var holder = server.Lease?.Holder;
        _servers.Remove(server);
        DropWaitingCancels(server);
        if (holder is not null)
        {
            holder.Granted = null;
            server.Lease!.Holder = null;
            holder.Client.Tell(new LeaseRevoked(server.Lease, PoolerErrors.ServerConnectionCrashed), _self);
        }

        if (ReferenceEquals(_connecting, server))
        {
            _connecting = null;
        }

        ServeQueue();
        ServeCancels();
        CheckPaused();
        CheckReplaced();
    }

    private void OnTerminated(IActorRef actor)
    {
        foreach (var server in _servers.All)
        {
            if (server.Actor.Equals(actor))
            {
                OnServerGone(server.Id);
                return;
            }
        }
    }
}
