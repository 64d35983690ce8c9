using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <content>Failures: this actor's own, reported upwards, and those of its children, decided here.</content>
internal sealed partial class ActorCell
{
    /// <summary>A child failed and is suspended; the strategy decides. An escalation makes this actor fail with the same cause.</summary>
    internal void ReceiveFailed(LocalActorRef child, Exception cause)
    {
        // A report about an incarnation that is gone already, or to an actor that stops anyway, has no meaning any more.
        if (!IsMyChild(child))
        {
            return;
        }

        if (IsTerminating || _actor is not { } actor)
        {
            Stop(child);
            return;
        }

        SupervisorStrategy strategy = _props.SupervisorStrategy ?? actor.StrategyInUse();
        bool handled;
        try
        {
            handled = strategy.HandleFailure(this, child, cause);
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e, child);
            return;
        }

        if (!handled)
        {
            HandleInvokeFailure(cause, child);
        }
    }

    private void HandleInvokeFailure(Exception cause, LocalActorRef? perpetrator)
    {
        if (IsTerminating)
        {
            LogError(cause, cause.Message);
            return;
        }

        if ((_state & CellState.Failed) != 0)
        {
            // It waits for its supervisor already; a second report would be answered by a second directive.
            LogError(cause, cause.Message);
            return;
        }

        _state |= CellState.Failed;
        _suspensions++;
        if (perpetrator is not null)
        {
            Extras.Perpetrator = perpetrator;
        }

        SuspendChildren(perpetrator);
        _parent.SendSystemMessage(new Failed(_self, cause));
    }
}
