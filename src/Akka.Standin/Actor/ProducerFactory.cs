namespace Akka.Actor;

/// <summary>Makes instances through a producer given by the user.</summary>
internal sealed class ProducerFactory(IIndirectActorProducer producer, object[] arguments) : ActorFactory(producer.ActorType, arguments)
{
    internal override ActorBase Create() => producer.Produce();

    internal override void Release(ActorBase actor) => producer.Release(actor);
}
