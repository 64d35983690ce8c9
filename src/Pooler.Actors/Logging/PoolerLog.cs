using Serilog;
using Serilog.Events;

namespace Pooler.Actors.Logging;

/// <summary>
/// How every part of the pooler writes a log line. A line is finished text, so it goes to the sinks as one literal property and is never
/// parsed as a message template. May be called from any thread; costs one level check when the level is off.
/// </summary>
/// <remarks>
/// Levels are PgBouncer's: Fatal is FATAL, Error is ERROR, Warning is WARNING, Information is LOG, Debug is DEBUG, Verbose is NOISE.
/// </remarks>
public static class PoolerLog
{
    /// <summary>The property that holds the line's text.</summary>
    public const string TextProperty = "Text";

    /// <summary>The property that holds the socket a line is about.</summary>
    public const string SocketProperty = "Socket";

    private const string TextTemplate = "{Text:l}";

    private const string SocketTemplate = "{Socket:l} {Text:l}";

    /// <summary>Writes one line.</summary>
    public static void Line(this ILogger log, LogEventLevel level, string text)
    {
        if (log.IsEnabled(level))
        {
            log.Write(level, TextTemplate, text);
        }
    }

    /// <summary>Writes one line about a socket.</summary>
    /// <param name="log">Where to.</param>
    /// <param name="level">How loud.</param>
    /// <param name="socketContext">Names the socket, for instance <c>C-0x55d0: db/user@127.0.0.1:5000</c>; no space at its end.</param>
    /// <param name="text">What happened.</param>
    public static void Line(this ILogger log, LogEventLevel level, string socketContext, string text)
    {
        if (log.IsEnabled(level))
        {
            log.Write(level, SocketTemplate, socketContext, text);
        }
    }
}
