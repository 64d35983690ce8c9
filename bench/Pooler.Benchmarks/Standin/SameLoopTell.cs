using Akka.Actor;
using BenchmarkDotNet.Attributes;

namespace Pooler.Benchmarks.Standin;

/// <summary>What one message costs whose sender and receiver share a thread: tell, schedule, run, receive.</summary>
[MemoryDiagnoser]
public class SameLoopTell
{
    private const int Messages = 10_000;

    private readonly Countdown _countdown = new();
    private ActorSystem _system = null!;
    private IActorRef _actor = null!;

    [GlobalSetup]
    public void Setup()
    {
        _system = BenchmarkSystem.Start();
        _actor = _system.ActorOf(Props.Create(() => new CountingActor(_countdown)).WithDispatcher("calling-thread"));
        CallingThreadExecutor.Drain();
    }

    [GlobalCleanup]
    public Task CleanupAsync() => CallingThreadExecutor.DrainUntilAsync(_system.Terminate());

    /// <summary>The receiver rests before each message.</summary>
    [Benchmark(OperationsPerInvoke = Messages)]
    public void OneByOne()
    {
        for (int i = 0; i < Messages; i++)
        {
            _actor.Tell(CountingActor.Message, ActorRefs.NoSender);
            CallingThreadExecutor.Drain();
        }
    }

    /// <summary>Messages wait in the mailbox and are handled in portions.</summary>
    [Benchmark(OperationsPerInvoke = Messages)]
    public void InBursts()
    {
        for (int i = 0; i < Messages; i += 100)
        {
            for (int j = 0; j < 100; j++)
            {
                _actor.Tell(CountingActor.Message, ActorRefs.NoSender);
            }

            CallingThreadExecutor.Drain();
        }
    }
}
