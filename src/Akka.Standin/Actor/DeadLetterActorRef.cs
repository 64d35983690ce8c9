using Akka.Event;

namespace Akka.Actor;

/// <summary>Publishes what could not be delivered on the event stream.</summary>
internal sealed class DeadLetterActorRef : MinimalActorRef
{
    private readonly EventStream _eventStream;

    internal DeadLetterActorRef(ActorPath path, EventStream eventStream)
    {
        Path = path;
        _eventStream = eventStream;
    }

    public override ActorPath Path { get; }

    /// <summary>Takes a message that came too late for its receiver.</summary>
    internal void Deliver(object message, IActorRef? sender, IActorRef recipient)
    {
        switch (message)
        {
            case AllDeadLetters:
                // A dead letter about a dead letter would never end.
                break;
            case Identify identify:
                (sender ?? this).Tell(new ActorIdentity(identify.MessageId, null), recipient);
                break;
            case IDeadLetterSuppression suppressed:
                _eventStream.Publish(new SuppressedDeadLetter(suppressed, sender ?? this, recipient));
                break;
            default:
                _eventStream.Publish(new DeadLetter(message, sender ?? this, recipient));
                break;
        }
    }

    protected override void TellInternal(object message, IActorRef sender)
    {
        switch (message)
        {
            case AllDeadLetters letter:
                _eventStream.Publish(letter);
                break;
            case ActorIdentity:
                break;
            default:
                Deliver(message, sender, this);
                break;
        }
    }
}
