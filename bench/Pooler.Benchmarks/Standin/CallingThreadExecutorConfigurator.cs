using Akka.Configuration;
using Akka.Dispatch;

namespace Pooler.Benchmarks.Standin;

/// <summary>A dispatcher whose mailboxes run when the benchmark's own thread drains them: a loop without its waiting.</summary>
public sealed class CallingThreadExecutorConfigurator : ExecutorServiceConfigurator
{
    public CallingThreadExecutorConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites)
    {
    }

    public override ExecutorService Produce(string id) => new CallingThreadExecutor(id);
}
