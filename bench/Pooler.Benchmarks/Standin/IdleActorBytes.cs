using Akka.Actor;

namespace Pooler.Benchmarks.Standin;

/// <summary>Measures what an idle actor with a name of its own keeps alive.</summary>
internal static class IdleActorBytes
{
    public static async Task<double> MeasureAsync(int actors)
    {
        using ActorSystem system = BenchmarkSystem.Start();
        Props props = Props.Create<IdleActor>().WithDispatcher("calling-thread");
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < actors; i++)
        {
            system.ActorOf(props, $"client-{i}");
            CallingThreadExecutor.Drain();
        }

        double each = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)actors;
        await CallingThreadExecutor.DrainUntilAsync(system.Terminate());
        return each;
    }
}
