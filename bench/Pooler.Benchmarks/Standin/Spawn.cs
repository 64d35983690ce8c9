using Akka.Actor;
using BenchmarkDotNet.Attributes;

namespace Pooler.Benchmarks.Standin;

/// <summary>What it costs to create an actor under a name, start it, and to stop it.</summary>
[MemoryDiagnoser]
public class Spawn
{
    private const int Actors = 1000;

    private readonly string[] _names = [.. Enumerable.Range(0, Actors).Select(i => $"client-{i}")];
    private ActorSystem _system = null!;
    private IActorRef _parent = null!;

    [GlobalSetup]
    public void Setup()
    {
        _system = BenchmarkSystem.Start();
        string[] names = _names;
        _parent = _system.ActorOf(Props.Create(() => new ParentActor(names)).WithDispatcher("calling-thread"));
        CallingThreadExecutor.Drain();
    }

    [GlobalCleanup]
    public Task CleanupAsync() => CallingThreadExecutor.DrainUntilAsync(_system.Terminate());

    [Benchmark(OperationsPerInvoke = Actors)]
    public void CreateAndStop()
    {
        _parent.Tell(ParentActor.Create, ActorRefs.NoSender);
        CallingThreadExecutor.Drain();
        _parent.Tell(ParentActor.Stop, ActorRefs.NoSender);
        CallingThreadExecutor.Drain();
    }
}
