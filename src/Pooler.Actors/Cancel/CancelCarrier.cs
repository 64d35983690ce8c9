using Akka.Actor;
using Pooler.Actors.Logging;
using Pooler.Actors.Relay;
using Pooler.Actors.Supervision;
using Pooler.Actors.Transport;
using Pooler.Actors.Wire;
using Serilog.Events;

namespace Pooler.Actors.Cancel;

/// <summary>
/// Carries one cancel request to a server over a connection of its own: connect, send the key, wait until the server closes, tell the pool. Lives below the pool, on
/// its loop.
/// </summary>
internal sealed class CancelCarrier : UntypedActor, IConnectionOwner, IDeadlineHolder
{
    private readonly LoopContext _context;
    private readonly ConnectTarget _target;
    private readonly CancelKey _key;
    private readonly byte[] _keyTail;
    private readonly CancelTicket _ticket;
    private readonly string _name;
    private readonly ServerPlace _place;
    private readonly IActorRef _self;
    private readonly IActorRef _pool;
    private Connection? _connection;
    private long _started;
    private bool _isDone;

    public CancelCarrier(LoopContext context, ServerLink link, CancelTicket ticket, string name, ServerPlace place)
    {
        _context = context;
        _target = link.Target;
        _key = link.Key;
        _keyTail = link.KeyTail;
        _ticket = ticket;
        _name = name;
        _place = place;
        _self = Self;
        _pool = Context.Parent;
    }

    public int SweepPosition { get; set; } = -1;

    /// <param name="context">The pool's loop.</param>
    /// <param name="link">The connection whose server is meant; only where it leads and the server's key are of interest.</param>
    /// <param name="ticket">How far the request has come.</param>
    /// <param name="name">What log lines call the connection.</param>
    /// <param name="place">What the connection counts as; given back when it is closed.</param>
    public static Props Props(LoopContext context, ServerLink link, CancelTicket ticket, string name, ServerPlace place) =>
        Akka.Actor.Props.Create<CancelCarrier>(context, link, ticket, name, place).WithDispatcher(ActorNames.LoopDispatcher(context.Loop.Index));

    public void Signal(Connection connection, ConnectionSignal signal) => _self.Tell(SocketEvent.Server(signal), ActorRefs.NoSender);

    public void Sweep(long now)
    {
        var global = _context.Settings.Global;
        if (TimeLimit.IsOver(global.CancelWaitTimeout, now - _started) || (!_ticket.IsSent && TimeLimit.IsOver(global.ServerConnectTimeout, now - _started)))
        {
            _self.Tell(DeadlinePassed.Instance, ActorRefs.NoSender);
        }
    }

    protected override void PreStart()
    {
        _started = _context.Loop.Now;
        _context.Loop.Deadlines.Add(this);
        _connection = _context.Loop.Connect(_target, _context.SocketOptions, this);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SocketEvent { Signal: ConnectionSignal.Connected } when !_ticket.IsAbandoned:
                _ticket.IsSent = true;
                _context.LogServerConnection(_name, _connection!);
                var writer = _context.Writer;
                writer.Reset();
                writer.WriteCancelRequest(_key, _keyTail);
                _connection!.Send(writer.Written);
                _context.Log.Line(LogEventLevel.Debug, "started sending cancel request");
                break;
            case SocketEvent { Signal: ConnectionSignal.Readable }:
                // The server answers nothing; it closes once the request has been carried out.
                if (_connection!.Receive(out _) is ReceiveStatus.EndOfStream or ReceiveStatus.Failed)
                {
                    Done(isSettled: true, _ticket.IsSent ? PoolerErrors.CancelSent : PoolerErrors.CancellerGaveUp);
                }

                break;
            case SocketEvent { Signal: ConnectionSignal.Connected }:
                Done(isSettled: true, PoolerErrors.CancellerGaveUp);
                break;
            case SocketEvent { Signal: ConnectionSignal.ConnectFailed }:
                Done(isSettled: true, PoolerErrors.ConnectFailed);
                break;
            case SocketEvent:
                break;
            case DeadlinePassed:
                Done(isSettled: !_ticket.IsSent, _ticket.IsSent ? PoolerErrors.CancelSent : PoolerErrors.ConnectTimeout);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void PostStop()
    {
        _context.Loop.Deadlines.Remove(this);
        _connection?.Close();
        _place.Return();
        if (!_isDone)
        {
            _pool.Tell(new CancelCarried(_ticket.Id, _ticket.IsSent, IsSettled: !_ticket.IsSent), _self);
        }
    }

    private void Done(bool isSettled, string reason)
    {
        if (!_isDone)
        {
            _isDone = true;
            _context.LogClosing(_name, reason, _started);
            _pool.Tell(new CancelCarried(_ticket.Id, _ticket.IsSent, isSettled), _self);
            Context.Stop(_self);
        }
    }
}
