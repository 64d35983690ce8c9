using Pooler.Actors.Logging;
using Pooler.Host.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Pooler.Host.Tests.Logging;

public sealed class LineFormatterTests
{
    private const string FullLine = @"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [A-Z+0-9-]+ \[42\] ";

    [Theory]
    [InlineData(LogEventLevel.Fatal, "FATAL")]
    [InlineData(LogEventLevel.Error, "ERROR")]
    [InlineData(LogEventLevel.Warning, "WARNING")]
    [InlineData(LogEventLevel.Information, "LOG")]
    [InlineData(LogEventLevel.Debug, "DEBUG")]
    [InlineData(LogEventLevel.Verbose, "NOISE")]
    public void NamesLevelsAsPgBouncerDoes(LogEventLevel level, string name)
    {
        string line = Format(LineStyle.Full, log => log.Line(level, "process up"));

        Assert.Matches(FullLine + name + " process up\n$", line);
    }

    [Fact]
    public void PutsTheSocketBeforeTheText()
    {
        string line = Format(LineStyle.Full, log => log.Line(LogEventLevel.Information, "C-0x55d0: db/user@127.0.0.1:5000", "closing because: x (age=0s)"));

        Assert.EndsWith(" LOG C-0x55d0: db/user@127.0.0.1:5000 closing because: x (age=0s)\n", line, StringComparison.Ordinal);
    }

    [Fact]
    public void IndentsFurtherLinesByATab()
    {
        string line = Format(LineStyle.LevelOnly, log => log.Line(LogEventLevel.Error, "one\ntwo\nthree"));

        Assert.Equal("ERROR one\n\ttwo\n\tthree\n", line);
    }

    [Fact]
    public void DoesNotReadTextAsATemplate()
    {
        string line = Format(LineStyle.LevelOnly, log => log.Line(LogEventLevel.Error, "{User} {0:l} {{ 100% \"x\""));

        Assert.Equal("ERROR {User} {0:l} {{ 100% \"x\"\n", line);
    }

    [Theory]
    [InlineData(LineStyle.LevelOnly, "LOG hello\n")]
    [InlineData(LineStyle.MessageOnly, "hello\n")]
    internal void LeavesOutWhatTheStyleDoesNotWant(LineStyle style, string expected)
    {
        Assert.Equal(expected, Format(style, log => log.Line(LogEventLevel.Information, "hello")));
    }

    [Fact]
    public void RendersEventsOfOtherLibrariesWithTheirException()
    {
        string line = Format(
            LineStyle.LevelOnly,
            log => log.Error(new InvalidOperationException("broken"), "actor {Path} failed {Count} times", "/user/a", 3));

        Assert.Equal("ERROR actor /user/a failed 3 times\n\tSystem.InvalidOperationException: broken\n", line);
    }

    [Fact]
    public void WritesTheTimeOfTheEventWithMilliseconds()
    {
        var time = new DateTimeOffset(2026, 11, 21, 10, 20, 13, 7, TimeSpan.Zero);
        var output = new CharBuffer();

        new LocalTime().Write(time, output);

        DateTime local = time.LocalDateTime;
        Assert.StartsWith(local.ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture) + ".007 ", output.Written.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void WritesTimesBeforeTheEpochAndSeveralInARow()
    {
        var localTime = new LocalTime();
        foreach (int milliseconds in new[] { -1, 0, 999, 1000 })
        {
            var output = new CharBuffer();
            DateTimeOffset time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

            localTime.Write(time, output);

            Assert.StartsWith(time.LocalDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", System.Globalization.CultureInfo.InvariantCulture), output.Written.ToString(), StringComparison.Ordinal);
        }
    }

    private static string Format(LineStyle style, Action<ILogger> write)
    {
        var output = new CharBuffer();
        using Logger log = new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .WriteTo.Sink(new Sink(new LineFormatter(style, new LocalTime(), 42), output))
            .CreateLogger();
        write(log);
        return output.Written.ToString();
    }

    private sealed class Sink(LineFormatter formatter, CharBuffer output) : ILogEventSink
    {
        public void Emit(LogEvent logEvent) => formatter.Format(logEvent, output);
    }
}
