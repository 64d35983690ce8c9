using Akka.Configuration;
using Akka.Dispatch;

namespace Pooler.Benchmarks.Standin;

/// <summary>A dispatcher with one thread of its own that sleeps when nothing is ready.</summary>
public sealed class ThreadExecutorConfigurator : ExecutorServiceConfigurator
{
    public ThreadExecutorConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites)
    {
    }

    public override ExecutorService Produce(string id) => new ThreadExecutor(id);
}
