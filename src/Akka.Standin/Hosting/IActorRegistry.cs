using Akka.Actor;

namespace Akka.Hosting;

/// <summary>Remembers actors under a type, so that code outside the actor tree can reach them. Thread-safe.</summary>
public interface IActorRegistry : IReadOnlyActorRegistry
{
    /// <exception cref="DuplicateActorRegistryException">The key is taken and <paramref name="overwrite"/> is not set.</exception>
    public void Register<TKey>(IActorRef actor, bool overwrite = false);

    /// <summary>False when the key is taken and <paramref name="overwrite"/> is not set.</summary>
    public bool TryRegister<TKey>(IActorRef actor, bool overwrite = false);

    /// <summary>False when the key is taken and <paramref name="overwrite"/> is not set.</summary>
    public bool TryRegister(Type key, IActorRef actor, bool overwrite = false);
}
