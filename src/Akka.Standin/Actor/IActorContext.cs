using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>What an actor sees of its surroundings. It belongs to the actor's own turn: no other thread may use it.</summary>
public interface IActorContext : IActorRefFactory, ICanWatch
{
    public IActorRef Self { get; }

    public IActorRef Sender { get; }

    public IActorRef Parent { get; }

    public Props Props { get; }

    public ActorSystem System { get; }

    public MessageDispatcher Dispatcher { get; }

    public TimeSpan? ReceiveTimeout { get; }

    public void Become(Receive receive);

    public void BecomeStacked(Receive receive);

    public void UnbecomeStacked();

    /// <summary>The living child of that name, or <see cref="ActorRefs.Nobody"/>.</summary>
    public IActorRef Child(string name);

    public IEnumerable<IActorRef> GetChildren();

    /// <summary>After so long without a message the actor is told <see cref="Actor.ReceiveTimeout"/>, again and again until null switches it off.</summary>
    public void SetReceiveTimeout(TimeSpan? timeout);

    public void Stop(IActorRef child);
}
