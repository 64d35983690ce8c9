namespace Akka.Actor;

/// <summary>A reference without an actor behind it; what it is told is lost unless a derived class takes it.</summary>
public abstract class MinimalActorRef : ActorRefBase
{
    protected MinimalActorRef()
    {
    }

    protected override void TellInternal(object message, IActorRef sender)
    {
    }
}
