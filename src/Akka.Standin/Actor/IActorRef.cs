namespace Akka.Actor;

/// <summary>The handle of an actor: it can be told messages from any thread, kept, compared and passed on in messages.</summary>
public interface IActorRef : ICanTell, IEquatable<IActorRef>, IComparable<IActorRef>, IComparable
{
    public ActorPath Path { get; }
}
