namespace Akka.Actor;

/// <summary>What only some actors need; made when the first of it is used.</summary>
internal sealed class ActorCellExtras
{
    /// <summary>Behaviours below the current one; null stands for the actor's own method.</summary>
    internal Stack<Delegate?>? Behaviors;

    /// <summary>Watched actors with the message that was asked for in place of Terminated, or null.</summary>
    internal Dictionary<IActorRef, object?>? Watching;

    /// <summary>Actors whose end is queued as a message already, with the message asked for.</summary>
    internal Dictionary<IActorRef, object?>? TerminatedQueued;

    internal HashSet<ActorRefBase>? WatchedBy;

    internal TimeSpan? ReceiveTimeout;

    /// <summary>Monotonic clock of the scheduler at the last message that counts.</summary>
    internal TimeSpan LastActivity;

    internal ReceiveTimeoutTick? ReceiveTimeoutTick;

    internal TimerScheduler? Timers;

    internal Stash? Stash;

    /// <summary>The child whose failure made this actor fail.</summary>
    internal LocalActorRef? Perpetrator;

    /// <summary>Why the instance is being replaced; null when it is made for the first time again.</summary>
    internal Exception? RecreateCause;

    /// <summary>The delegate for the actor's own method, for classes that replace AroundReceive.</summary>
    internal Receive? OwnReceive;

    internal AsyncTurn? AsyncTurn;
}
