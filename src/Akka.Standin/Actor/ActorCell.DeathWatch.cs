using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <content>Watching and being watched.</content>
internal sealed partial class ActorCell
{
    public IActorRef Watch(IActorRef subject) => Watch(subject, null);

    public IActorRef WatchWith(IActorRef subject, object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Watch(subject, message);
    }

    public IActorRef Unwatch(IActorRef subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        if (_extras is { } extras)
        {
            extras.TerminatedQueued?.Remove(subject);
            if (extras.Watching is { } watching && watching.Remove(subject))
            {
                ((ActorRefBase)subject).SendSystemMessage(new Unwatch(_self));
            }
        }

        return subject;
    }

    internal void ReceiveWatch(ActorRefBase watcher)
    {
        // The parent hears of the end in any case.
        if (!ReferenceEquals(watcher, _self) && !ReferenceEquals(watcher, _parent))
        {
            (Extras.WatchedBy ??= []).Add(watcher);
        }
    }

    internal void ReceiveUnwatch(ActorRefBase watcher) => _extras?.WatchedBy?.Remove(watcher);

    internal void ReceiveDeathWatchNotification(IActorRef actor, bool existenceConfirmed)
    {
        bool wasChild = actor is LocalActorRef child && IsMyChild(child);
        if (wasChild)
        {
            RemoveChild((LocalActorRef)actor);
        }

        if (!IsTerminating && _extras is { Watching: { } watching } extras && watching.Remove(actor, out object? custom))
        {
            (extras.TerminatedQueued ??= [])[actor] = custom;
            Post(new Terminated(actor, existenceConfirmed, false), actor);
        }

        if (!wasChild)
        {
            return;
        }

        if ((_state & CellState.Terminating) != 0)
        {
            if (!HasDyingChildren())
            {
                FinishTerminate();
            }
        }
        else if ((_state & CellState.Recreating) != 0 && !HasDyingChildren())
        {
            FinishRecreate();
        }
    }

    private IActorRef Watch(IActorRef subject, object? message)
    {
        ArgumentNullException.ThrowIfNull(subject);
        if (ReferenceEquals(subject, _self))
        {
            return subject;
        }

        if (subject is not ActorRefBase reference)
        {
            throw new ArgumentException($"{subject} is not a reference of this actor system", nameof(subject));
        }

        Dictionary<IActorRef, object?> watching = Extras.Watching ??= [];
        if (watching.TryGetValue(subject, out object? earlier))
        {
            if (!Equals(earlier, message))
            {
                throw new InvalidOperationException($"{_self} watches {subject} already, with another message");
            }

            return subject;
        }

        watching.Add(subject, message);
        if (subject is not LocalActorRef local || !IsMyChild(local))
        {
            reference.SendSystemMessage(new Watch(_self));
        }

        return subject;
    }

    private void ReceiveTerminated(Terminated terminated)
    {
        // Unwatch takes the entry out: then the message is of no interest any more.
        if (_extras?.TerminatedQueued is { } queued && queued.Remove(terminated.ActorRef, out object? custom))
        {
            ReceiveMessage(custom ?? terminated);
        }
    }

    private void TellWatchers()
    {
        if (_extras?.WatchedBy is not { } watchers)
        {
            return;
        }

        foreach (ActorRefBase watcher in watchers)
        {
            watcher.SendSystemMessage(new DeathWatchNotification(_self, true));
        }
    }

    private void UnwatchAll()
    {
        if (_extras?.Watching is not { } watching)
        {
            return;
        }

        foreach (IActorRef subject in watching.Keys)
        {
            ((ActorRefBase)subject).SendSystemMessage(new Unwatch(_self));
        }
    }
}
