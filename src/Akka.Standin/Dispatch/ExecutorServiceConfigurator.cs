using Akka.Configuration;

namespace Akka.Dispatch;

/// <summary>
/// The base of executors that are named in a dispatcher's configuration, executor = "Namespace.Type, Assembly".
/// The type needs a public constructor with the two parameters of this one.
/// </summary>
public abstract class ExecutorServiceConfigurator : ExecutorServiceFactory
{
    /// <param name="config">The dispatcher's section.</param>
    /// <param name="prerequisites">Parts of the actor system that an executor may need.</param>
    protected ExecutorServiceConfigurator(Config config, IDispatcherPrerequisites prerequisites)
    {
        Config = config;
        Prerequisites = prerequisites;
    }

    public Config Config { get; }

    public IDispatcherPrerequisites Prerequisites { get; }
}
