using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Hosting;

/// <summary>The loggers of an actor system and how much they get; begins with the default logger at INFO.</summary>
public sealed class LoggerConfigBuilder
{
    private readonly List<Type> _loggers = [typeof(DefaultLogger)];

    internal LoggerConfigBuilder(AkkaConfigurationBuilder builder) => Builder = builder;

    /// <summary>Least severe level that reaches the loggers.</summary>
    public LogLevel LogLevel { get; set; } = LogLevel.InfoLevel;

    /// <summary>Logs the whole configuration when the system starts.</summary>
    public bool LogConfigOnStart { get; set; }

    internal AkkaConfigurationBuilder Builder { get; }

    public LoggerConfigBuilder ClearLoggers()
    {
        _loggers.Clear();
        return this;
    }

    public LoggerConfigBuilder AddLogger<T>()
        where T : IRequiresMessageQueue<ILoggerMessageQueueSemantics>
    {
        if (!_loggers.Contains(typeof(T)))
        {
            _loggers.Add(typeof(T));
        }

        return this;
    }

    internal Config ToConfig()
    {
        var loggers = string.Join(", ", _loggers.Select(type => $"{type.FullName}, {type.Assembly.GetName().Name}".ToHocon()));
        var level = LogLevel switch
        {
            LogLevel.DebugLevel => "DEBUG",
            LogLevel.InfoLevel => "INFO",
            LogLevel.WarningLevel => "WARNING",
            LogLevel.ErrorLevel => "ERROR",
            _ => throw new ConfigurationException($"{LogLevel} is not a log level."),
        };
        return ConfigurationFactory.ParseString($$"""
            akka {
              loglevel = {{level}}
              loggers = [{{loggers}}]
              log-config-on-start = {{LogConfigOnStart.ToHocon()}}
            }
            """);
    }
}
