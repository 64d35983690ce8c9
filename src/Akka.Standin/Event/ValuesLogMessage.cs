namespace Akka.Event;

internal sealed class ValuesLogMessage(ILogMessageFormatter formatter, string format, object?[] values) : LogMessage(formatter, format)
{
    public override IEnumerable<object> Parameters() => values!;

    public override string Unformatted() => $"{Format}: {string.Join(", ", values)}";

    public override string ToString() => Formatter.Format(Format, values!);
}
