using Akka.Actor;

namespace Akka.Hosting;

/// <summary>An actor as a constructor argument of a service. <typeparamref name="TActor"/> is the key in the registry.</summary>
public interface IRequiredActor<TActor>
{
    /// <exception cref="MissingActorRegistryEntryException">The actor is not registered yet.</exception>
    public IActorRef ActorRef { get; }

    /// <summary>Waits until the actor is registered.</summary>
    public Task<IActorRef> GetAsync(CancellationToken cancellationToken = default);
}
