using Akka.Configuration;
using Akka.Dispatch;

namespace Akka.Standin.Tests.Dispatch;

public sealed class QueueExecutorConfigurator : ExecutorServiceConfigurator
{
    public QueueExecutorConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites)
    {
    }

    public override ExecutorService Produce(string id) => new QueueExecutor(id, $"{id} {Config.GetString("label")}");
}
