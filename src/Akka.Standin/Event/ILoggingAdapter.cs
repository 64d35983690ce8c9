namespace Akka.Event;

/// <summary>Where code logs to.</summary>
public interface ILoggingAdapter
{
    public ILogMessageFormatter Formatter { get; }

    public bool IsDebugEnabled { get; }

    public bool IsInfoEnabled { get; }

    public bool IsWarningEnabled { get; }

    public bool IsErrorEnabled { get; }

    public bool IsEnabled(LogLevel logLevel);

    public void Log(LogLevel logLevel, Exception? cause, LogMessage message);

    public void Log(LogLevel logLevel, Exception? cause, string format);
}
