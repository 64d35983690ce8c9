using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>
/// Everything the system keeps for one actor: context, mailbox and life. It is its own mailbox, so that an idle actor is three small objects
/// (reference, cell, path). What few actors need lies in <see cref="ActorCellExtras"/>.
/// Fields belong to the turn of the actor, except the two queue heads and the children, which other threads touch too.
/// </summary>
internal sealed partial class ActorCell : IUntypedActorContext, IRunnable
{
    [ThreadStatic]
    private static ActorCell? _current;

    private readonly ActorSystemImpl _system;
    private readonly LocalActorRef _self;
    private readonly ActorRefBase _parent;
    private readonly MessageDispatcher _dispatcher;
    private readonly Props _props;

    private ActorBase? _actor;

    /// <summary>What handles the next message: a <see cref="Receive"/>, an <see cref="UntypedReceive"/>, or null for the actor's own method.</summary>
    private Delegate? _behavior;

    private ChildrenContainer? _children;
    private ActorCellExtras? _extras;
    private CellState _state;

    internal ActorCell(ActorSystemImpl system, LocalActorRef self, Props props, MessageDispatcher dispatcher, ActorRefBase parent)
    {
        _system = system;
        _self = self;
        _props = props;
        _dispatcher = dispatcher;
        _parent = parent;
        self.Cell = this;
    }

    /// <summary>The cell whose turn the thread executes.</summary>
    internal static ActorCell? Current => _current;

    public IActorRef Self => _self;

    public IActorRef Parent => _parent;

    public Props Props => _props;

    public MessageDispatcher Dispatcher => _dispatcher;

    public IActorRef Sender => _inHand?.Sender ?? _system.DeadLetters;

    public TimeSpan? ReceiveTimeout => _extras?.ReceiveTimeout;

    ActorSystem IActorContext.System => _system;

    internal ActorSystemImpl System => _system;

    internal object? MessageInHand => _inHand?.Message;

    internal Type ActorType => _actor?.GetType() ?? _props.Type;

    internal bool IsTerminated => (_state & CellState.Terminated) != 0;

    internal bool IsTerminating => (_state & (CellState.Terminating | CellState.Terminated)) != 0;

    private ActorCellExtras Extras => _extras ??= new ActorCellExtras();

    public ActorSelection ActorSelection(ActorPath actorPath) => _system.ActorSelection(actorPath);

    public ActorSelection ActorSelection(string actorPath) => Actor.ActorSelection.From(_system, _self, actorPath);

    /// <summary>Called by the constructor of the actor: only the cell that makes an instance may be its cell.</summary>
    internal static ActorCell Adopt(Type type)
    {
        ActorCell? cell = _current;
        if (cell is null || (cell._state & CellState.Producing) == 0)
        {
            throw new ActorInitializationException(
                $"You cannot create an instance of [{type.FullName}] explicitly using the constructor (new). You have to use one of the 'ActorOf' factory methods to create a new actor.");
        }

        cell._state &= ~CellState.Producing;
        return cell;
    }

    private void LogError(Exception cause, string text) =>
        _system.EventStream.Publish(new Event.Error(cause, _self.Path.ToString(), ActorType, text));
}
