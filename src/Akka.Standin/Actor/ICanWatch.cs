namespace Akka.Actor;

/// <summary>Whatever can be told of the end of actors.</summary>
public interface ICanWatch
{
    /// <summary>Asks for one <see cref="Terminated"/> when the subject has stopped.</summary>
    public IActorRef Watch(IActorRef subject);

    /// <summary>The same with a message of one's own in place of <see cref="Terminated"/>.</summary>
    public IActorRef WatchWith(IActorRef subject, object message);

    /// <summary>After this returns no message about the subject's end is received, even if one is queued already.</summary>
    public IActorRef Unwatch(IActorRef subject);
}
