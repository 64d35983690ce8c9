using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Dispatch;

/// <summary>The dispatchers of an actor system by their path in the configuration; each is made when it is first asked for.</summary>
public sealed class Dispatchers
{
    public const string DefaultDispatcherId = "akka.actor.default-dispatcher";

    internal const string InternalDispatcherId = "akka.actor.internal-dispatcher";

    private readonly ConcurrentDictionary<string, Lazy<MessageDispatcher>> _dispatchers = new(StringComparer.Ordinal);
    private readonly ActorSystemImpl _system;

    internal Dispatchers(ActorSystemImpl system)
    {
        _system = system;
        Prerequisites = new DispatcherPrerequisites(system.EventStream, system.Scheduler, system.Settings);
    }

    public MessageDispatcher DefaultGlobalDispatcher => Lookup(DefaultDispatcherId);

    public Config DefaultDispatcherConfig => _system.Settings.Config.GetConfig(DefaultDispatcherId) ?? Config.Empty;

    public IDispatcherPrerequisites Prerequisites { get; }

    public bool HasDispatcher(string id) => _dispatchers.ContainsKey(id) || _system.Settings.Config.HasPath(id);

    public MessageDispatcher Lookup(string dispatcherName) => _dispatchers.TryGetValue(dispatcherName, out Lazy<MessageDispatcher>? known)
        ? known.Value
        : _dispatchers.GetOrAdd(dispatcherName, id => new Lazy<MessageDispatcher>(() => Make(id))).Value;

    internal void Shutdown()
    {
        foreach (Lazy<MessageDispatcher> dispatcher in _dispatchers.Values)
        {
            if (dispatcher.IsValueCreated)
            {
                dispatcher.Value.Executor.Shutdown();
            }
        }
    }

    private MessageDispatcher Make(string id)
    {
        Config all = _system.Settings.Config;
        Config section = all.GetConfig(id) ?? throw new ConfigurationException($"Dispatcher [{id}] not configured");
        Config config = id == DefaultDispatcherId ? section : section.WithFallback(DefaultDispatcherConfig);
        string type = config.GetString("type") ?? "Dispatcher";
        if (type is not ("Dispatcher" or "TaskDispatcher" or "ForkJoinDispatcher"))
        {
            throw new ConfigurationException($"Dispatcher [{id}] has the type [{type}], which is not known");
        }

        int throughput = config.GetInt("throughput", 30);
        ExecutorService executor = MakeExecutor(id, config);
        return new ExecutorDispatcher(id, Math.Max(1, throughput), _system.EventStream, executor);
    }

    private ExecutorService MakeExecutor(string id, Config config)
    {
        string name = config.GetString("executor") ?? "default-executor";
        if (name is "default-executor" or "thread-pool-executor" or "fork-join-executor" or "task-executor" or "channel-executor")
        {
            return new ThreadPoolExecutor(id);
        }

        Type type = Type.GetType(name)
            ?? throw new ConfigurationException($"Could not resolve executor service configurator type [{name}] for dispatcher [{id}]");
        if (!typeof(ExecutorServiceConfigurator).IsAssignableFrom(type))
        {
            throw new ConfigurationException($"Executor [{name}] of dispatcher [{id}] is not an ExecutorServiceConfigurator");
        }

        return ((ExecutorServiceConfigurator)Activator.CreateInstance(type, config, Prerequisites)!).Produce(id);
    }
}
