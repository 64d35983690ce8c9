namespace Akka.Actor;

/// <summary>Makes instances of an actor.</summary>
internal abstract class ActorFactory(Type actorType, object[] arguments)
{
    internal Type ActorType => actorType;

    internal object[] Arguments => arguments;

    internal abstract ActorBase Create();

    internal virtual void Release(ActorBase actor)
    {
    }
}
