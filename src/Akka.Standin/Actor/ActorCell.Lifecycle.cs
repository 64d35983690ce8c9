using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <content>Creation, replacement and end of the instance.</content>
internal sealed partial class ActorCell
{
    internal void Terminate() => PostSystem(new Terminate());

    internal void Suspend() => PostSystem(new Suspend());

    internal void Resume(Exception? causedByFailure) => PostSystem(new Resume(causedByFailure));

    internal void Restart(Exception cause) => PostSystem(new Recreate(cause));

    internal void MarkSubscribed() => _state |= CellState.Subscribed;

    internal void ReceiveSuspend()
    {
        if (!IsTerminating)
        {
            _suspensions++;
            SuspendChildren(null);
        }
    }

    internal void ReceiveResume(Exception? causedByFailure)
    {
        if (IsTerminating)
        {
            return;
        }

        if (_actor is null && (_state & CellState.Recreating) == 0)
        {
            // It failed before there was an instance to go on with.
            RecreateFromNothing();
            return;
        }

        LocalActorRef? perpetrator = _extras?.Perpetrator;
        EndSuspension();
        if (causedByFailure is not null)
        {
            ClearFailure();
        }

        ResumeChildren(causedByFailure, perpetrator);
    }

    internal void ReceiveRecreate(Exception cause)
    {
        if (IsTerminating)
        {
            return;
        }

        if ((_state & CellState.Recreating) != 0)
        {
            // The replacement on its way answers this one too.
            EndSuspension();
            return;
        }

        if (_actor is not { } failed)
        {
            RecreateFromNothing();
            return;
        }

        AbandonAsyncTurn();
        CancelReceiveTimeout();
        object? message = _inHand?.Message;
        Exception? preRestartFailure = null;
        _extras?.Timers?.CancelAll();
        _extras?.Stash?.UnstashAll();
        try
        {
            failed.AroundPreRestart(cause, message!);
        }
        catch (Exception e)
        {
            preRestartFailure = e;
        }

        ClearActor();
        if (preRestartFailure is not null)
        {
            throw new PreRestartException(_self, preRestartFailure, cause, message);
        }

        Extras.RecreateCause = cause;
        _state |= CellState.Recreating;
        if (!HasDyingChildren())
        {
            FinishRecreate();
        }
    }

    internal void ReceiveTerminate()
    {
        if (IsTerminating)
        {
            return;
        }

        _state |= CellState.Terminating;
        CancelReceiveTimeout();
        AbandonAsyncTurn();
        _suspensions++;
        StopChildren(close: true);
        if (!HasDyingChildren())
        {
            FinishTerminate();
        }
    }

    private void Start()
    {
        _state |= CellState.Started;
        try
        {
            Create();
        }
        catch (Exception e)
        {
            ClearActor();
            HandleInvokeFailure(e as ActorInitializationException ?? new ActorInitializationException(_self, $"Exception during creation: {e.Message}", e), null);
        }
    }

    private void Create()
    {
        _actor = Produce();
        _actor.AroundPreStart();
    }

    private ActorBase Produce()
    {
        _state |= CellState.Producing;
        ActorBase actor;
        try
        {
            actor = _props.NewActor();
        }
        finally
        {
            _state &= ~CellState.Producing;
        }

        if (ActorTypes.OverridesAroundReceive(actor.GetType()))
        {
            _state |= CellState.OverridesAroundReceive;
        }

        if (actor is IWithTimers timed)
        {
            timed.Timers = Extras.Timers = new TimerScheduler(this);
        }

        if (actor is IActorStash stashing)
        {
            stashing.Stash = Extras.Stash = new Stash(this);
        }

        return actor;
    }

    /// <summary>The first creation failed and the supervisor wants another try.</summary>
    private void RecreateFromNothing()
    {
        Extras.RecreateCause = null;
        _state |= CellState.Recreating;
        StopChildren(close: false);
        if (!HasDyingChildren())
        {
            FinishRecreate();
        }
    }

    private void FinishRecreate()
    {
        Exception? cause = _extras!.RecreateCause;
        _extras.RecreateCause = null;
        _state &= ~CellState.Recreating;
        object? message = _inHand?.Message;
        LocalActorRef[] survivors = ChildrenSnapshot();
        EndSuspension();
        ClearFailure();
        try
        {
            if (cause is null)
            {
                Create();
                return;
            }

            _actor = Produce();
            _actor.AroundPostRestart(cause, message!);
        }
        catch (Exception e)
        {
            ClearActor();
            HandleInvokeFailure(
                cause is null
                    ? e as ActorInitializationException ?? new ActorInitializationException(_self, $"Exception during creation: {e.Message}", e)
                    : new PostRestartException(_self, e, cause),
                null);
            return;
        }

        foreach (LocalActorRef survivor in survivors)
        {
            survivor.Cell.Restart(cause);
        }
    }

    private void FinishTerminate()
    {
        _extras?.Timers?.CancelAll();
        try
        {
            _actor?.AroundPostStop();
        }
        catch (Exception e)
        {
            LogError(e, e.Message);
        }

        _extras?.Stash?.UnstashAll();
        if ((_state & CellState.Subscribed) != 0)
        {
            _system.EventStream.Unsubscribe(_self);
        }

        CloseMailbox();

        // The parent hears first: whoever learns of the end may ask it to use the name again.
        _parent.SendSystemMessage(new DeathWatchNotification(_self, true));
        TellWatchers();
        UnwatchAll();
        ClearActor();
        _children = null;
        _extras = null;
    }

    private void ClearActor()
    {
        if (_actor is { } actor)
        {
            _actor = null;
            _props.Release(actor);
        }

        ResetBehavior();
        _extras?.Timers?.CancelAll();
        _state &= ~CellState.OverridesAroundReceive;
        if (_extras is { } extras)
        {
            extras.Timers = null;
            extras.Stash = null;
        }
    }

    private void EndSuspension()
    {
        if (_suspensions > 0)
        {
            _suspensions--;
        }
    }

    /// <summary>The supervisor has decided: the message in hand is done with.</summary>
    private void ClearFailure()
    {
        if ((_state & CellState.KeepsInHand) != 0 && _inHand is { } inHand)
        {
            _inHand = null;
            MailNodeCache.Current.Return(inHand);
        }

        _state &= ~(CellState.Failed | CellState.KeepsInHand);
        if (_extras is { } extras)
        {
            extras.Perpetrator = null;
        }
    }
}
