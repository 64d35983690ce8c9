using System.Collections.Concurrent;
using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Pooler.Actors.Tests.Admin;

/// <summary>A log whose lines a test can read: "level text", with the socket in between where there is one.</summary>
internal sealed class RecordingLog : ILogEventSink
{
    private readonly ConcurrentQueue<string> _lines = new();

    public RecordingLog()
    {
        Logger = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(this).CreateLogger();
    }

    public ILogger Logger { get; }

    public IReadOnlyCollection<string> Lines => _lines;

    public void Emit(LogEvent logEvent) =>
        _lines.Enqueue($"{logEvent.Level} {logEvent.RenderMessage(CultureInfo.InvariantCulture)}");
}
