using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace Akka.Hosting;

/// <summary>The registry of one actor system. Thread-safe.</summary>
public class ActorRegistry : IActorRegistry, IExtension
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Type, IActorRef> _actors = [];

    // Completed and removed by the registration of their key; continuations run elsewhere, not under the registering thread's feet.
    private readonly Dictionary<Type, TaskCompletionSource<IActorRef>> _waiters = [];

    public static ActorRegistry For(ActorSystem actorSystem) => new ActorRegistryExtension().Apply(actorSystem);

    public void Register<TKey>(IActorRef actor, bool overwrite = false)
    {
        if (!TryRegister(typeof(TKey), actor, overwrite))
        {
            throw new DuplicateActorRegistryException($"An actor is already registered under {typeof(TKey)}.");
        }
    }

    public bool TryRegister<TKey>(IActorRef actor, bool overwrite = false) => TryRegister(typeof(TKey), actor, overwrite);

    public bool TryRegister(Type key, IActorRef actor, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(actor);
        TaskCompletionSource<IActorRef>? waiters;
        lock (_gate)
        {
            if (overwrite)
            {
                _actors[key] = actor;
            }
            else if (!_actors.TryAdd(key, actor))
            {
                return false;
            }

            _waiters.Remove(key, out waiters);
        }

        waiters?.TrySetResult(actor);
        return true;
    }

    public IActorRef Get<TKey>() => TryGet<TKey>(out var actor)
        ? actor
        : throw new MissingActorRegistryEntryException($"No actor is registered under {typeof(TKey)}.");

    public bool TryGet<TKey>([MaybeNullWhen(false)] out IActorRef actor) => TryGet(typeof(TKey), out actor);

    public bool TryGet(Type key, [MaybeNullWhen(false)] out IActorRef actor)
    {
        lock (_gate)
        {
            return _actors.TryGetValue(key, out actor);
        }
    }

    public Task<IActorRef> GetAsync<TKey>(CancellationToken ct = default) => GetAsync(typeof(TKey), ct);

    public Task<IActorRef> GetAsync(Type key, CancellationToken ct = default)
    {
        TaskCompletionSource<IActorRef>? waiter;
        lock (_gate)
        {
            if (_actors.TryGetValue(key, out var actor))
            {
                return Task.FromResult(actor);
            }

            if (!_waiters.TryGetValue(key, out waiter))
            {
                waiter = new TaskCompletionSource<IActorRef>(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiters.Add(key, waiter);
            }
        }

        return waiter.Task.WaitAsync(ct);
    }

    /// <summary>Enumerates a snapshot.</summary>
    public IEnumerator<KeyValuePair<Type, IActorRef>> GetEnumerator()
    {
        lock (_gate)
        {
            return _actors.ToList().GetEnumerator();
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
