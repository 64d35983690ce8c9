using Akka.Actor;
using Pooler.Actors.Admin;
using Pooler.Actors.Cancel;
using Pooler.Actors.Configuration;
using Pooler.Actors.Logging;
using Pooler.Actors.Supervision;
using Pooler.Actors.Wire;
using Serilog.Events;

namespace Pooler.Actors.Clients;

/// <summary>
/// The actor of one I/O loop, /user/pooler/loop-N: parent of its reception, clients and consoles. It alone changes the loop's context. A child that
/// faults is stopped; nothing that one connection does takes another one down.
/// </summary>
internal sealed partial class LoopActor : UntypedActor, IWithTimers
{
    private readonly LoopContext _context;
    private readonly IActorRef _self;
    private readonly string _dispatcher;
    private readonly Dictionary<IActorRef, (CancelKey Key, ClientPlace Place)> _consoles = [];
    private IActorRef _reception = ActorRefs.Nobody;
    private PoolerTree? _tree;
    private ClientProducer? _clients;
    private Props? _clientProps;

    public LoopActor(LoopContext context)
    {
        _context = context;
        _self = Self;
        _dispatcher = ActorNames.LoopDispatcher(context.Loop.Index);
    }

    public static Props Props(LoopContext context) =>
        Akka.Actor.Props.Create<LoopActor>(context).WithDispatcher(ActorNames.LoopDispatcher(context.Loop.Index));

    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(-1, -1, exception =>
        {
            _context.Log.Line(LogEventLevel.Error, $"an actor of I/O loop {_context.Loop.Index} failed: {exception}");
            return Directive.Stop;
        });

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case AdoptClient adopt:
                _clients!.Enqueue(adopt.Startup);
                Context.ActorOf(_clientProps!, ActorNames.Client(adopt.Startup.SocketId));
                break;
            case AdoptConsole adopt:
                OpenConsole(adopt);
                break;
            case RouteCancel route:
                OnRouteCancel(route);
                break;
            case CollectClients collect:
                Sender.Tell(Collect(collect.Id), _self);
                break;
            case SuspendLoop suspend:
                OnSuspend(suspend);
                break;
            case LookForRest:
                Look();
                break;
            case AtRest atRest:
                OnAtRest(atRest);
                break;
            case ResumeLoop:
                OnResumeLoop();
                break;
            case KillClient kill:
                OnKillClient(kill);
                break;
            case SettingsChanged changed:
                _context.Apply(changed.New);
                foreach (var client in _context.Clients)
                {
                    _context.Loop.Deadlines.Add(client);
                }

                break;
            case LoopShuttingDown shutdown:
                _context.IsShuttingDown = true;
                _context.IsDrainingServers |= shutdown.DrainServers;
                break;
            case PoolerTree tree:
                _tree = tree;
                _clients = new ClientProducer(_context, tree);
                _clientProps = Akka.Actor.Props.CreateBy(_clients).WithDispatcher(_dispatcher);
                _reception = Context.ActorOf(Reception.Props(_context, tree), ActorNames.Reception);
                break;
            case Terminated terminated:
                if (_consoles.Remove(terminated.ActorRef, out var left))
                {
                    _context.CancelTargets.Remove(left.Key);
                    _context.Counters.RemoveClient();
                    _context.Counters.ClientCounts.Remove(left.Place);
                }

                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private ClientsCollected Collect(long id) => new(
        id,
        [.. _context.Clients.OrderBy(client => client.SocketId).Select(client => client.Snapshot())],
        new BufferCount(_context.Loop.Buffers.Rented, _context.Loop.Buffers.Free));

    private void OpenConsole(AdoptConsole adopt)
    {
        var key = CancelKey.Create();
        var writer = _context.Writer;
        writer.Reset();
        writer.WriteAuthenticationOk();
        Span<byte> tail = stackalloc byte[CancelKeyTail.Size];
        CancelKeyTail.Make(key, tail);
        ConsoleWelcome.Write(writer, Given(adopt.Parameters), key, adopt.HasLongKey ? tail : default, _context.Settings.Global.LoginNotifyMessage);
        adopt.Connection.Send(writer.Written);
        var client = new SocketSnapshot
        {
            State = SocketState.ClientActive,
            User = adopt.User,
            Database = PoolerSettings.ConsoleDatabase,
            Addr = adopt.Connection.Remote.Host,
            Port = adopt.Connection.Remote.Port,
            LocalAddr = adopt.Connection.Local.Host,
            LocalPort = adopt.Connection.Local.Port,
            ConnectTime = adopt.ConnectTime,
            RequestTime = adopt.ConnectTime,
            Ptr = SocketNames.Pointer(adopt.SocketId),
            RemotePid = adopt.Connection.Remote.Pid,
            ApplicationName = adopt.Parameters[_context.Tracked.ApplicationNameIndex] ?? "",
            Id = adopt.SocketId,
        };
        var name = SocketNames.Client(adopt.SocketId, PoolerSettings.ConsoleDatabase, adopt.User, adopt.Connection.Remote);
        var props = AdminSession.Props(adopt.Connection, adopt.Rights, client, name, _tree!.Admin, _context.Settings.Global, _context.Log, adopt.Received);
        var console = Context.ActorOf(props.WithDispatcher(_dispatcher), ActorNames.Console(adopt.SocketId));
        Context.Watch(console);
        _consoles.Add(console, (key, adopt.Place));
        _context.CancelTargets.Add(key, new ConsoleCancelTarget(console, adopt.HasLongKey));
    }

    private void OnKillClient(KillClient kill)
    {
        foreach (var client in _context.Clients)
        {
            if (client.SocketId == kill.SocketId && client.HasEntered)
            {
                client.Actor.Tell(new ForceDisconnect(PoolerErrors.AdminForcedDisconnect), _self);
                Sender.Tell(new KillClientAnswered(kill.Id, IsFound: true), _self);
                return;
            }
        }

        // It may be one that only asks for a cancel.
        _reception.Forward(kill);
    }

    private IEnumerable<KeyValuePair<string, string>> Given(ParameterValues parameters)
    {
        for (var i = 0; i < _context.Tracked.Count; i++)
        {
            if (parameters[i] is { } value)
            {
                yield return new(_context.Tracked.Names[i], value);
            }
        }
    }

    private void OnRouteCancel(RouteCancel route)
    {
        var isFound = _context.CancelTargets.TryGetValue(route.Key, out var target) && CancelKeyTail.Fits(route.Key, route.Tail, target.HasLongKey);
        Sender.Tell(new CancelRouted(route.Requester.SocketId, isFound), _self);
        if (!isFound)
        {
            return;
        }

        if (target is ConsoleCancelTarget)
        {
            target.Actor.Tell(CancelConsoleCommand.Instance, _self);
            route.Requester.Reception.Tell(new CancelDone(route.Requester.SocketId, PoolerErrors.CancelForConsoleClient), _self);
        }
        else
        {
            target!.Actor.Tell(new CancelRequested(route.Requester), _self);
        }
    }

    private sealed record ConsoleCancelTarget(IActorRef Actor, bool HasLongKey) : ICancelTarget;
}
