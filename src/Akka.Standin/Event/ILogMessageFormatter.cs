namespace Akka.Event;

/// <summary>Puts values into a template.</summary>
public interface ILogMessageFormatter
{
    public string Format(string format, params object[] args);

    public string Format(string format, IEnumerable<object> args);
}
