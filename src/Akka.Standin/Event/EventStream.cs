using Akka.Actor;

namespace Akka.Event;

/// <summary>The event bus of an actor system. Subscribers that stop are taken out.</summary>
public class EventStream : LoggingBus
{
    public EventStream(bool debug)
    {
        _ = debug;
    }

    public override bool Subscribe(IActorRef subscriber, Type channel) => base.Subscribe(subscriber, channel);

    public override bool Unsubscribe(IActorRef subscriber, Type channel) => base.Unsubscribe(subscriber, channel);

    public override bool Unsubscribe(IActorRef subscriber) => base.Unsubscribe(subscriber);
}
