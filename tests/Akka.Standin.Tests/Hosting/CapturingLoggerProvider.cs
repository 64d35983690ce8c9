using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Akka.Standin.Tests.Hosting;

/// <summary>Keeps what was logged, category and text, and lets a test wait for a line.</summary>
internal sealed class CapturingLoggerProvider : ILoggerProvider
{
    private readonly ConcurrentQueue<CapturedLine> _lines = new();
    private readonly SemaphoreSlim _added = new(0);

    public ILogger CreateLogger(string categoryName) => new CapturingLogger(this, categoryName);

    public void Dispose() => _added.Dispose();

    internal async Task<CapturedLine> WaitForAsync(Func<CapturedLine, bool> wanted, TimeSpan patience)
    {
        using var timeout = new CancellationTokenSource(patience);
        while (true)
        {
            if (_lines.FirstOrDefault(wanted) is { } found)
            {
                return found;
            }

            await _added.WaitAsync(timeout.Token);
        }
    }

    internal bool Has(string text) => _lines.Any(line => line.Text.Contains(text, StringComparison.Ordinal));

    private void Add(CapturedLine line)
    {
        _lines.Enqueue(line);
        _added.Release();
    }

    private sealed class CapturingLogger(CapturingLoggerProvider provider, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            provider.Add(new CapturedLine(logLevel, category, formatter(state, exception), exception));
    }
}
