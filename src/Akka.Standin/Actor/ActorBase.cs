using Akka.Event;

namespace Akka.Actor;

/// <summary>The base of all actors. An instance lives on the turns of its cell: its members are called by one thread at a time.</summary>
public abstract class ActorBase
{
    private readonly ActorCell _cell;

    protected ActorBase()
    {
        _cell = ActorCell.Adopt(GetType());
    }

    /// <summary>The context of the actor whose turn it is. Not to be used after an await that left the turn.</summary>
    protected static IActorContext Context => ActorCell.Current ?? throw NoContext();

    /// <summary>A behaviour that handles nothing.</summary>
    protected static Receive EmptyReceive { get; } = _ => false;

    protected IActorRef Self => _cell.Self;

    /// <summary>Who sent the message being handled; the dead letters if nobody waits for an answer.</summary>
    protected IActorRef Sender => _cell.Sender;

    private protected ActorCell Cell => _cell;

    public virtual void AroundPreStart() => PreStart();

    public virtual void AroundPostStop() => PostStop();

    public virtual void AroundPreRestart(Exception cause, object message) => PreRestart(cause, message);

    public virtual void AroundPostRestart(Exception cause, object message) => PostRestart(cause);

    internal static InvalidOperationException NoContext() =>
        new("There is no active ActorContext, this is most likely due to use of async operations from within this actor.");

    internal bool InvokeReceive(object message) => Receive(message);

    internal void InvokeAroundReceive(Receive receive, object message) => AroundReceive(receive, message);

    internal void InvokeUnhandled(object message) => Unhandled(message);

    internal SupervisorStrategy StrategyInUse() => SupervisorStrategy() ?? Actor.SupervisorStrategy.DefaultStrategy;

    /// <summary>Handles a message.</summary>
    /// <returns>False when it has no handler for it.</returns>
    protected abstract bool Receive(object message);

    /// <summary>Stands around the handling of every message.</summary>
    protected virtual bool AroundReceive(Receive receive, object message)
    {
        if (receive(message))
        {
            return true;
        }

        Unhandled(message);
        return false;
    }

    /// <summary>Takes what no behaviour handled: publishes it, and fails if it is the unhandled end of a watched actor.</summary>
    protected virtual void Unhandled(object message)
    {
        if (message is Terminated terminated)
        {
            throw new DeathPactException(terminated.ActorRef);
        }

        _cell.System.EventStream.Publish(new UnhandledMessage(message, Sender, Self));
    }

    /// <summary>How failures of the children are answered, unless the actor's Props say it.</summary>
    protected virtual SupervisorStrategy SupervisorStrategy() => Actor.SupervisorStrategy.DefaultStrategy;

    /// <summary>Runs before the first message.</summary>
    protected virtual void PreStart()
    {
    }

    /// <summary>Runs after the last message, when all children have stopped.</summary>
    protected virtual void PostStop()
    {
    }

    /// <summary>Runs on the instance that failed before it is replaced; stops all children.</summary>
    protected virtual void PreRestart(Exception reason, object message)
    {
        foreach (LocalActorRef child in _cell.ChildrenSnapshot())
        {
            _cell.Unwatch(child);
            _cell.Stop(child);
        }

        PostStop();
    }

    /// <summary>Runs on the new instance in the place of PreStart.</summary>
    protected virtual void PostRestart(Exception reason) => PreStart();

    protected void Become(Receive receive) => _cell.Become(receive);

    protected void BecomeStacked(Receive receive) => _cell.BecomeStacked(receive);

    protected void UnbecomeStacked() => _cell.UnbecomeStacked();

    protected void SetReceiveTimeout(TimeSpan? timeout) => _cell.SetReceiveTimeout(timeout);
}
