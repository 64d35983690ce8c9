namespace Akka.Actor;

/// <content>Handling of user messages and the stack of behaviours.</content>
internal sealed partial class ActorCell
{
    public void Become(Receive receive) => _behavior = Checked(receive);

    public void Become(UntypedReceive receive) => _behavior = Checked(receive);

    public void BecomeStacked(Receive receive) => Push(Checked(receive));

    public void BecomeStacked(UntypedReceive receive) => Push(Checked(receive));

    /// <summary>Back to the behaviour before the last one stacked, at the bottom to the actor's own method.</summary>
    public void UnbecomeStacked()
    {
        Stack<Delegate?>? below = _extras?.Behaviors;
        _behavior = below is { Count: > 0 } ? below.Pop() : null;
    }

    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        if (timeout is null)
        {
            CancelReceiveTimeout();
            return;
        }

        if (timeout.Value <= TimeSpan.Zero)
        {
            throw new ArgumentException("The receive timeout must be positive.", nameof(timeout));
        }

        CancelReceiveTimeout();
        Extras.ReceiveTimeout = timeout;
        _extras!.LastActivity = _system.Scheduler.MonotonicClock;
        ScheduleReceiveTimeout(timeout.Value);
    }

    /// <summary>Handles one message with the current behaviour. An exception of the actor passes through.</summary>
    internal void ReceiveMessage(object message)
    {
        Delegate? behavior = _behavior;
        if ((_state & CellState.OverridesAroundReceive) != 0)
        {
            _actor!.InvokeAroundReceive(AsReceive(behavior), message);
        }
        else if (behavior is null)
        {
            ActorBase actor = _actor!;
            if (!actor.InvokeReceive(message))
            {
                actor.InvokeUnhandled(message);
            }
        }
        else if (behavior is UntypedReceive untyped)
        {
            untyped(message);
        }
        else if (!((Receive)behavior)(message))
        {
            _actor!.InvokeUnhandled(message);
        }
    }

    /// <summary>The scheduler's tick: the timeout is due only if nothing has come since it was set.</summary>
    internal void ReceiveTick(ReceiveTimeoutTick tick)
    {
        if (_extras is not { ReceiveTimeout: { } timeout } extras || !ReferenceEquals(extras.ReceiveTimeoutTick, tick))
        {
            return;
        }

        TimeSpan now = _system.Scheduler.MonotonicClock;
        TimeSpan left = extras.LastActivity + timeout - now;
        if (left > TimeSpan.Zero)
        {
            ScheduleReceiveTimeout(left);
            return;
        }

        extras.LastActivity = now;
        ScheduleReceiveTimeout(timeout);
        ReceiveMessage(Actor.ReceiveTimeout.Instance);
    }

    private static TDelegate Checked<TDelegate>(TDelegate receive)
        where TDelegate : Delegate
    {
        ArgumentNullException.ThrowIfNull(receive);
        return receive;
    }

    private void Push(Delegate receive)
    {
        (Extras.Behaviors ??= new Stack<Delegate?>()).Push(_behavior);
        _behavior = receive;
    }

    /// <summary>Handles one message of the mailbox.</summary>
    internal void Invoke(object message)
    {
        if (message is IAutoReceivedMessage)
        {
            AutoReceive(message);
        }
        else
        {
            ReceiveMessage(message);
        }

        if (_extras is { ReceiveTimeout: not null } extras && message is not INotInfluenceReceiveTimeout)
        {
            extras.LastActivity = _system.Scheduler.MonotonicClock;
        }
    }

    private void AutoReceive(object message)
    {
        switch (message)
        {
            case Terminated terminated:
                ReceiveTerminated(terminated);
                break;
            case PoisonPill:
                Stop(_self);
                break;
            case Kill:
                throw new ActorKilledException("Kill");
            case Identify identify:
                Sender.Tell(new ActorIdentity(identify.MessageId, _self), _self);
                break;
            case TimerMessage timer:
                timer.Deliver(this);
                break;
            case ReceiveTimeoutTick tick:
                ReceiveTick(tick);
                break;
            default:
                ReceiveMessage(message);
                break;
        }
    }

    private Receive AsReceive(Delegate? behavior) => behavior switch
    {
        null => Extras.OwnReceive ??= _actor!.InvokeReceive,
        Receive receive => receive,
        UntypedReceive untyped => message => Handle(untyped, message),
        _ => throw new InvalidOperationException($"A behaviour is of the type {behavior.GetType()}"),
    };

    private static bool Handle(UntypedReceive behavior, object message)
    {
        behavior(message);
        return true;
    }

    private void ScheduleReceiveTimeout(TimeSpan delay)
    {
        ReceiveTimeoutTick tick = new(new Cancelable(_system.Scheduler));
        _extras!.ReceiveTimeoutTick = tick;
        _system.Scheduler.ScheduleTellOnce(delay, _self, tick, _self, tick.Cancelable);
    }

    private void CancelReceiveTimeout()
    {
        if (_extras is { ReceiveTimeoutTick: { } tick } extras)
        {
            tick.Cancelable.Cancel();
            extras.ReceiveTimeoutTick = null;
            extras.ReceiveTimeout = null;
        }
    }

    private void ResetBehavior()
    {
        _behavior = null;
        if (_extras is { } extras)
        {
            extras.Behaviors = null;
            extras.OwnReceive = null;
        }
    }
}
