using Akka.Actor;
using Akka.Hosting;

namespace Akka.Standin.Tests.Hosting;

public sealed class ActorRegistryTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ActorSystem _system = ActorSystem.Create("registry");

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    [Fact]
    public void A_registered_actor_is_found_by_its_key()
    {
        var registry = new ActorRegistry();
        registry.Register<ActorRegistryTests>(_system.DeadLetters);

        Assert.Same(_system.DeadLetters, registry.Get<ActorRegistryTests>());
        Assert.True(registry.TryGet<ActorRegistryTests>(out var byType));
        Assert.Same(_system.DeadLetters, byType);
        Assert.True(registry.TryGet(typeof(ActorRegistryTests), out var byKey));
        Assert.Same(_system.DeadLetters, byKey);
        Assert.Equal([typeof(ActorRegistryTests)], Keys(registry));
    }

    [Fact]
    public void A_missing_key_is_an_error_or_false()
    {
        var registry = new ActorRegistry();

        Assert.Throws<MissingActorRegistryEntryException>(() => registry.Get<string>());
        Assert.False(registry.TryGet<string>(out _));
        Assert.False(registry.TryGet(typeof(string), out _));
        Assert.Empty(Keys(registry));
    }

    [Fact]
    public void A_key_is_taken_once_unless_it_is_overwritten()
    {
        var registry = new ActorRegistry();
        registry.Register<string>(_system.DeadLetters);

        Assert.Throws<DuplicateActorRegistryException>(() => registry.Register<string>(ActorRefs.Nobody));
        Assert.False(registry.TryRegister<string>(ActorRefs.Nobody));
        Assert.False(registry.TryRegister(typeof(string), ActorRefs.Nobody));
        Assert.Same(_system.DeadLetters, registry.Get<string>());

        registry.Register<string>(ActorRefs.Nobody, overwrite: true);
        Assert.Same(ActorRefs.Nobody, registry.Get<string>());
    }

    [Fact]
    public async Task Who_asks_early_waits_for_the_registration()
    {
        var registry = new ActorRegistry();
        var first = registry.GetAsync<string>();
        var second = registry.GetAsync(typeof(string));
        Assert.False(first.IsCompleted);

        registry.Register<string>(_system.DeadLetters);

        Assert.Same(_system.DeadLetters, await first.WaitAsync(Patience));
        Assert.Same(_system.DeadLetters, await second.WaitAsync(Patience));
        Assert.Same(_system.DeadLetters, await registry.GetAsync<string>().WaitAsync(Patience));
    }

    [Fact]
    public async Task Who_no_longer_wants_it_stops_waiting_alone()
    {
        var registry = new ActorRegistry();
        using var cancellation = new CancellationTokenSource();
        var impatient = registry.GetAsync<string>(cancellation.Token);
        var patient = registry.GetAsync<string>();

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient.WaitAsync(Patience));

        registry.Register<string>(_system.DeadLetters);
        Assert.Same(_system.DeadLetters, await patient.WaitAsync(Patience));
    }

    [Fact]
    public async Task Registering_from_many_threads_lets_one_win()
    {
        var registry = new ActorRegistry();
        var wins = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => registry.TryRegister<string>(_system.DeadLetters))));

        Assert.Single(wins, won => won);
    }

    [Fact]
    public void A_system_has_one_registry()
    {
        Assert.Same(ActorRegistry.For(_system), ActorRegistry.For(_system));
    }

    [Fact]
    public async Task A_required_actor_comes_from_the_registry()
    {
        var registry = new ActorRegistry();
        var early = new RequiredActor<int>(registry).GetAsync();

        registry.Register<int>(_system.DeadLetters);

        Assert.Same(_system.DeadLetters, new RequiredActor<int>(registry).ActorRef);
        Assert.Same(_system.DeadLetters, await early.WaitAsync(Patience));
    }

    private static List<Type> Keys(ActorRegistry registry)
    {
        var keys = new List<Type>();
        using var entries = registry.GetEnumerator();
        while (entries.MoveNext())
        {
            keys.Add(entries.Current.Key);
        }

        return keys;
    }
}
