using Akka.Actor;

namespace Akka.Event;

/// <summary>Makes logging adapters.</summary>
public static class Logging
{
    /// <summary>A level above all: nothing is logged.</summary>
    private const LogLevel Off = (LogLevel)int.MaxValue;

    public static ILoggingAdapter GetLogger(this IActorContext context, ILogMessageFormatter? logMessageFormatter = null)
    {
        Type type = context is ActorCell cell ? cell.ActorType : context.Props.Type;
        return new BusLogging(context.System.EventStream, context.Self.Path.ToString(), type, logMessageFormatter ?? DefaultLogMessageFormatter.Instance);
    }

    /// <param name="system">Whose loggers are meant.</param>
    /// <param name="logSourceObj">A text, a type, or an object whose type counts.</param>
    /// <param name="logMessageFormatter">Null: numbers in braces.</param>
    public static ILoggingAdapter GetLogger(ActorSystem system, object logSourceObj, ILogMessageFormatter? logMessageFormatter = null) =>
        Make(system.EventStream, logSourceObj, $"({system})", logMessageFormatter);

    public static ILoggingAdapter GetLogger(LoggingBus loggingBus, object logSourceObj, ILogMessageFormatter? logMessageFormatter = null) =>
        Make(loggingBus, logSourceObj, "", logMessageFormatter);

    /// <summary>DEBUG, INFO, WARNING, ERROR or OFF in any case.</summary>
    public static LogLevel LogLevelFor(string logLevel) => logLevel.ToUpperInvariant() switch
    {
        "DEBUG" => LogLevel.DebugLevel,
        "INFO" => LogLevel.InfoLevel,
        "WARNING" => LogLevel.WarningLevel,
        "ERROR" => LogLevel.ErrorLevel,
        "OFF" => Off,
        _ => throw new ArgumentException($"Unknown LogLevel: \"{logLevel}\". Valid values are: OFF, DEBUG, INFO, WARNING, ERROR", nameof(logLevel)),
    };

    public static string StringFor(this LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => "DEBUG",
        LogLevel.InfoLevel => "INFO",
        LogLevel.WarningLevel => "WARNING",
        LogLevel.ErrorLevel => "ERROR",
        Off => "OFF",
        _ => throw new ArgumentException($"Unknown LogLevel {logLevel}", nameof(logLevel)),
    };

    /// <summary>The class of the events of a level.</summary>
    public static Type ClassFor(this LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => typeof(Debug),
        LogLevel.InfoLevel => typeof(Info),
        LogLevel.WarningLevel => typeof(Warning),
        LogLevel.ErrorLevel => typeof(Error),
        _ => throw new ArgumentException($"Unknown LogLevel {logLevel}", nameof(logLevel)),
    };

    private static BusLogging Make(LoggingBus bus, object source, string suffix, ILogMessageFormatter? formatter)
    {
        (string name, Type type) = source switch
        {
            string text => (text, typeof(DummyClassForStringSources)),
            Type given => (given.Name, given),
            IActorRef actor => (actor.Path.ToString(), typeof(ActorBase)),
            _ => (source.GetType().Name, source.GetType()),
        };
        return new BusLogging(bus, name + suffix, type, formatter ?? DefaultLogMessageFormatter.Instance);
    }
}
