using System.Globalization;
using Akka.Actor.Setup;
using Akka.Configuration;

namespace Akka.Actor;

/// <summary>What an actor system reads of its configuration.</summary>
public class Settings
{
    internal Settings(ActorSystem system, Config config, ActorSystemSetup setup)
    {
        System = system;
        Config = config;
        Setup = setup;
        AskTimeout = config.GetTimeSpan("akka.actor.ask-timeout", Timeout.InfiniteTimeSpan);
        LogLevel = config.GetString("akka.loglevel") ?? "INFO";
        StdoutLogLevel = config.GetString("akka.stdout-loglevel") ?? "WARNING";
        Loggers = config.GetStringList("akka.loggers", []);
        LoggersDispatcher = config.GetString("akka.loggers-dispatcher") ?? Dispatch.Dispatchers.InternalDispatcherId;
        LoggerStartTimeout = config.GetTimeSpan("akka.logger-startup-timeout", TimeSpan.FromSeconds(5));
        LogConfigOnStart = config.GetBoolean("akka.log-config-on-start");
        LogDeadLetters = ReadCount(config.GetString("akka.log-dead-letters") ?? "10");
        LogDeadLettersDuringShutdown = config.GetBoolean("akka.log-dead-letters-during-shutdown");
        LogDeadLettersSuspendDuration = config.GetTimeSpan("akka.log-dead-letters-suspend-duration", TimeSpan.FromMinutes(5));
        SchedulerClass = config.GetString("akka.scheduler.implementation") ?? "";
        SupervisorStrategyClass = config.GetString("akka.actor.guardian-supervisor-strategy") ?? "Akka.Actor.DefaultSupervisorStrategy";
        DebugUnhandledMessage = config.GetBoolean("akka.actor.debug.unhandled");
        CoordinatedShutdownTerminateActorSystem = config.GetBoolean("akka.coordinated-shutdown.terminate-actor-system", true);
        CoordinatedShutdownRunByActorSystemTerminate = config.GetBoolean("akka.coordinated-shutdown.run-by-actor-system-terminate", true);
    }

    public ActorSystem System { get; }

    public Config Config { get; }

    public ActorSystemSetup Setup { get; }

    public TimeSpan AskTimeout { get; }

    public string LogLevel { get; }

    public string StdoutLogLevel { get; }

    public IList<string> Loggers { get; }

    public string LoggersDispatcher { get; }

    public TimeSpan LoggerStartTimeout { get; }

    public bool LogConfigOnStart { get; }

    /// <summary>How many dead letters are logged; int.MaxValue: all.</summary>
    public int LogDeadLetters { get; }

    public bool LogDeadLettersDuringShutdown { get; }

    public TimeSpan LogDeadLettersSuspendDuration { get; }

    public string SchedulerClass { get; }

    public string SupervisorStrategyClass { get; }

    public bool DebugUnhandledMessage { get; }

    public bool CoordinatedShutdownTerminateActorSystem { get; }

    public bool CoordinatedShutdownRunByActorSystemTerminate { get; }

    public override string ToString() => Config.ToString();

    private static int ReadCount(string text) => text.ToLowerInvariant() switch
    {
        "on" or "true" or "yes" => int.MaxValue,
        "off" or "false" or "no" => 0,
        _ => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int count)
            ? count
            : throw new ConfigurationException($"akka.log-dead-letters is neither a number nor on or off: {text}"),
    };
}
