using Akka.Actor;
using BenchmarkDotNet.Attributes;

namespace Pooler.Benchmarks.Standin;

/// <summary>What one message costs between threads: one way in a stream, and to and fro.</summary>
[MemoryDiagnoser]
public class CrossThreadTell
{
    private const int Messages = 100_000;

    private readonly Countdown _countdown = new();
    private ActorSystem _system = null!;
    private IActorRef _counting = null!;
    private IActorRef _pool = null!;

    [GlobalSetup]
    public void Setup()
    {
        _system = BenchmarkSystem.Start();
        _counting = _system.ActorOf(Props.Create(() => new CountingActor(_countdown)).WithDispatcher("own-thread"));
        _pool = _system.ActorOf(Props.Create(() => new CountingActor(_countdown)));
    }

    [GlobalCleanup]
    public Task CleanupAsync() => _system.Terminate();

    [Benchmark(OperationsPerInvoke = Messages)]
    public void OneWayToOwnThread() => Send(_counting);

    [Benchmark(OperationsPerInvoke = Messages)]
    public void OneWayToThreadPool() => Send(_pool);

    private void Send(IActorRef target)
    {
        _countdown.Start(Messages);
        for (int i = 0; i < Messages; i++)
        {
            target.Tell(CountingActor.Message, ActorRefs.NoSender);
        }

        _countdown.Wait();
    }
}
