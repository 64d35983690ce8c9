using Pooler.Actors.Logging;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Parsing;

namespace Pooler.Host.Logging;

/// <summary>
/// Writes a log event in PgBouncer's line format: <c>YYYY-MM-DD HH:MM:SS.mmm TZ [pid] LEVEL message</c>, in which the lines of a longer
/// message after the first start with a TAB. Not thread-safe.
/// </summary>
internal sealed class LineFormatter : ITextFormatter
{
    private readonly LocalTime _localTime;
    private readonly string _processId;
    private readonly CharBuffer _rendered = new();

    /// <param name="style">How much stands before the message.</param>
    /// <param name="localTime">The process's time zone.</param>
    /// <param name="processId">The id that each line shows.</param>
    public LineFormatter(LineStyle style, LocalTime localTime, int processId)
    {
        Style = style;
        _localTime = localTime;
        _processId = $" [{processId}] ";
    }

    public LineStyle Style { get; }

    /// <summary>PgBouncer's name of a level.</summary>
    public static string LevelName(LogEventLevel level) => level switch
    {
        LogEventLevel.Fatal => "FATAL",
        LogEventLevel.Error => "ERROR",
        LogEventLevel.Warning => "WARNING",
        LogEventLevel.Information => "LOG",
        LogEventLevel.Debug => "DEBUG",
        _ => "NOISE",
    };

    public void Format(LogEvent logEvent, TextWriter output)
    {
        if (Style == LineStyle.Full)
        {
            _localTime.Write(logEvent.Timestamp, output);
            output.Write(_processId);
        }

        if (Style != LineStyle.MessageOnly)
        {
            output.Write(LevelName(logEvent.Level));
            output.Write(' ');
        }

        WriteMessage(logEvent, output);
        output.Write('\n');
    }

    private void WriteMessage(LogEvent logEvent, TextWriter output)
    {
        if (logEvent.Exception is null && TryGetText(logEvent, PoolerLog.TextProperty, out string text))
        {
            if (TryGetText(logEvent, PoolerLog.SocketProperty, out string socket))
            {
                WriteIndented(socket, output);
                output.Write(' ');
            }

            WriteIndented(text, output);
            return;
        }

        // A message of another library: rendered from its template, strings without the quotes that Serilog gives them.
        _rendered.Clear();
        foreach (MessageTemplateToken token in logEvent.MessageTemplate.Tokens)
        {
            if (token is PropertyToken property
                && logEvent.Properties.TryGetValue(property.PropertyName, out LogEventPropertyValue? value)
                && value is ScalarValue { Value: string literal })
            {
                _rendered.Write(literal);
            }
            else
            {
                token.Render(logEvent.Properties, _rendered);
            }
        }

        WriteIndented(_rendered.Written, output);
        if (logEvent.Exception is { } exception)
        {
            output.Write("\n\t");
            WriteIndented(exception.ToString(), output);
        }
    }

    private static bool TryGetText(LogEvent logEvent, string property, out string text)
    {
        if (logEvent.Properties.TryGetValue(property, out LogEventPropertyValue? value) && value is ScalarValue { Value: string found })
        {
            text = found;
            return true;
        }

        text = "";
        return false;
    }

    private static void WriteIndented(ReadOnlySpan<char> text, TextWriter output)
    {
        while (true)
        {
            int end = text.IndexOf('\n');
            if (end < 0)
            {
                output.Write(text);
                return;
            }

            output.Write(text[..(end + 1)]);
            output.Write('\t');
            text = text[(end + 1)..];
        }
    }
}
