using System.Globalization;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Event;

/// <summary>Starts the loggers of akka.loggers and what else listens to the event stream from the start.</summary>
internal static class SystemLoggers
{
    internal static void Start(ActorSystemImpl system)
    {
        int number = 0;
        foreach (string name in system.Settings.Loggers)
        {
            Type type = Type.GetType(name) ?? throw new ConfigurationException($"Logger specified in config cannot be found: \"{name}\"");
            Props props = Props.Create(type).WithDispatcher(system.Settings.LoggersDispatcher);
            IActorRef logger = system.SystemActorOf(props, string.Create(CultureInfo.InvariantCulture, $"log{++number}-{type.Name}"));
            logger.Tell(new InitializeLogger(system.EventStream), new LoggerStart(system, name));
            system.EventStream.AddLogger(logger);
        }

        if (system.Settings.LogDeadLetters > 0 || system.Settings.DebugUnhandledMessage)
        {
            system.SystemActorOf(
                Props.Create(typeof(DeadLetterLog)).WithDispatcher(Dispatch.Dispatchers.InternalDispatcherId), "deadLetterListener");
        }
    }
}
