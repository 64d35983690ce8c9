namespace Akka.Actor;

/// <summary>Makes the instances of an actor in a way of its own.</summary>
public interface IIndirectActorProducer
{
    public Type ActorType { get; }

    public ActorBase Produce();

    /// <summary>Takes back an instance that was replaced or stopped.</summary>
    public void Release(ActorBase actor);
}
