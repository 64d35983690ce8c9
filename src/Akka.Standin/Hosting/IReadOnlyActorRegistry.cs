using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace Akka.Hosting;

/// <summary>Finds the actors that were registered under a type. Thread-safe.</summary>
public interface IReadOnlyActorRegistry : IEnumerable<KeyValuePair<Type, IActorRef>>
{
    /// <exception cref="MissingActorRegistryEntryException">Nothing is registered under <typeparamref name="TKey"/>.</exception>
    public IActorRef Get<TKey>();

    /// <summary>Waits until an actor is registered under the key.</summary>
    public Task<IActorRef> GetAsync<TKey>(CancellationToken ct = default);

    /// <summary>Waits until an actor is registered under the key.</summary>
    public Task<IActorRef> GetAsync(Type key, CancellationToken ct = default);

    public bool TryGet<TKey>([MaybeNullWhen(false)] out IActorRef actor);

    public bool TryGet(Type key, [MaybeNullWhen(false)] out IActorRef actor);
}
