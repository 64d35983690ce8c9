using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Hosting.Logging;
using Akka.Util;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Akka.Hosting;

/// <summary>Collects what an actor system is made of. Filled on one thread before the host starts.</summary>
public sealed class AkkaConfigurationBuilder
{
    /// <summary>Setups that go into the actor system besides its configuration.</summary>
    public readonly HashSet<Setup> Setups = [];

    private readonly string _actorSystemName;
    private readonly List<ActorStarter> _starters = [];
    private readonly List<StartupTask> _startupTasks = [];

    public AkkaConfigurationBuilder(IServiceCollection serviceCollection, string actorSystemName)
    {
        ArgumentNullException.ThrowIfNull(serviceCollection);
        ArgumentException.ThrowIfNullOrEmpty(actorSystemName);
        _actorSystemName = actorSystemName;
    }

    public Option<Config> Configuration { get; private set; } = Option<Config>.None;

    public AkkaConfigurationBuilder StartActors(ActorStarter starter)
    {
        ArgumentNullException.ThrowIfNull(starter);
        _starters.Add(starter);
        return this;
    }

    public AkkaConfigurationBuilder StartActors(Action<ActorSystem, IActorRegistry> starter)
    {
        ArgumentNullException.ThrowIfNull(starter);
        return StartActors((system, registry) =>
        {
            starter(system, registry);
            return Task.CompletedTask;
        });
    }

    public AkkaConfigurationBuilder AddStartup(StartupTask startupTask)
    {
        ArgumentNullException.ThrowIfNull(startupTask);
        _startupTasks.Add(startupTask);
        return this;
    }

    public AkkaConfigurationBuilder AddStartup(Action<ActorSystem, IActorRegistry> startupTask)
    {
        ArgumentNullException.ThrowIfNull(startupTask);
        return AddStartup((system, registry) =>
        {
            startupTask(system, registry);
            return Task.CompletedTask;
        });
    }

    internal void MergeHocon(Config hocon, HoconAddMode mode)
    {
        ArgumentNullException.ThrowIfNull(hocon);
        Configuration = mode switch
        {
            HoconAddMode.Append when Configuration.HasValue => Configuration.Value.WithFallback(hocon),
            HoconAddMode.Prepend when Configuration.HasValue => hocon.WithFallback(Configuration.Value),
            HoconAddMode.Append or HoconAddMode.Prepend or HoconAddMode.Replace => hocon,
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "Not a way of adding HOCON."),
        };
    }

    /// <summary>Creates the system; the host's loggers come from the service provider unless a setup names others.</summary>
    internal ActorSystem Build(IServiceProvider serviceProvider)
    {
        var bootstrap = BootstrapSetup.Create();
        if (Configuration.HasValue)
        {
            bootstrap = bootstrap.WithConfig(Configuration.Value);
        }

        var setups = new List<Setup>(Setups) { bootstrap };
        if (!setups.OfType<LoggerFactorySetup>().Any() && serviceProvider.GetService<ILoggerFactory>() is { } loggerFactory)
        {
            setups.Add(new LoggerFactorySetup(loggerFactory));
        }

        return ActorSystem.Create(_actorSystemName, ActorSystemSetup.Create([.. setups]));
    }

    /// <summary>Runs the starters and then the startup tasks, one after the other.</summary>
    internal async Task StartAsync(ActorSystem system)
    {
        var registry = ActorRegistry.For(system);
        foreach (var starter in _starters)
        {
            await starter(system, registry).ConfigureAwait(false);
        }

        foreach (var startupTask in _startupTasks)
        {
            await startupTask(system, registry).ConfigureAwait(false);
        }
    }
}
