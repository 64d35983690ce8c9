using Pooler.Actors.Logging;
using Pooler.Host.Logging;
using Pooler.Host.Process;
using Serilog.Events;

namespace Pooler.Host.Tests.Logging;

public sealed class LogControlTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _error;
    private readonly string _errorPath;

    public LogControlTests()
    {
        _errorPath = _folder.File("stderr");
        _error = LibC.Open(_errorPath, LibC.WriteOnly | LibC.Create | LibC.Append | LibC.CloseOnExec, 0b110_100_100);
        Assert.True(_error >= 0);
    }

    public void Dispose()
    {
        _ = LibC.Close(_error);
        _folder.Dispose();
    }

    [Fact]
    public void WritesToStderrUnlessQuiet()
    {
        using (LogControl loud = Create(quiet: false))
        {
            loud.Log.Line(LogEventLevel.Information, "heard");
        }

        using (LogControl quiet = Create(quiet: true))
        {
            quiet.LimitErrorOutput(LogEventLevel.Verbose);
            quiet.Log.Line(LogEventLevel.Fatal, "unheard");
        }

        string line = Assert.Single(File.ReadAllLines(_errorPath));
        Assert.EndsWith("LOG heard", line, StringComparison.Ordinal);
    }

    [Fact]
    public void WritesToFileAndStderrAlike()
    {
        using LogControl control = Create();
        Assert.True(control.TryApply(Settings("log"), out _));

        control.Log.Line(LogEventLevel.Warning, "né");

        Assert.EndsWith("WARNING né\n", File.ReadAllText(_folder.File("log")), StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(_errorPath), File.ReadAllText(_folder.File("log")));
    }

    [Fact]
    public void KeepsWhatTheFileHolds()
    {
        File.WriteAllText(_folder.File("log"), "old\n");
        using LogControl control = Create();
        control.TryApply(Settings("log"), out _);

        control.Log.Line(LogEventLevel.Information, "new");

        Assert.StartsWith("old\n", File.ReadAllText(_folder.File("log")), StringComparison.Ordinal);
    }

    [Fact]
    public void OpensTheFileAnewWhenSettingsAreAppliedAgain()
    {
        using LogControl control = Create();
        control.TryApply(Settings("log"), out _);
        control.Log.Line(LogEventLevel.Information, "first");
        File.Move(_folder.File("log"), _folder.File("log.1"));
        control.Log.Line(LogEventLevel.Information, "second");

        Assert.True(control.TryApply(Settings("log"), out _));
        control.Log.Line(LogEventLevel.Information, "third");

        Assert.Equal(2, File.ReadAllLines(_folder.File("log.1")).Length);
        Assert.EndsWith("LOG third", Assert.Single(File.ReadAllLines(_folder.File("log"))), StringComparison.Ordinal);
    }

    [Fact]
    public void GoesOnInTheOldFileWhenTheNewOneCannotBeOpened()
    {
        using LogControl control = Create();
        control.TryApply(Settings("log"), out _);
        string path = _folder.File("none/log");

        bool applied = control.TryApply(LogSettings.None with { LogFile = path }, out string text);
        control.Log.Line(LogEventLevel.Information, "still here");

        Assert.False(applied);
        Assert.Equal($"Cannot open logfile: '{path}': No such file or directory", text);
        Assert.Single(File.ReadAllLines(_folder.File("log")));
    }

    [Fact]
    public void StopsWritingTheFileWhenItIsNoLongerSet()
    {
        using LogControl control = Create();
        control.TryApply(Settings("log"), out _);
        control.TryApply(LogSettings.None, out _);

        control.Log.Line(LogEventLevel.Information, "x");

        Assert.Equal("", File.ReadAllText(_folder.File("log")));
    }

    [Theory]
    [InlineData(0, LogEventLevel.Information)]
    [InlineData(1, LogEventLevel.Debug)]
    [InlineData(2, LogEventLevel.Verbose)]
    [InlineData(3, LogEventLevel.Verbose)]
    public void FollowsTheVerbosity(int verbosity, LogEventLevel least)
    {
        using var control = new LogControl(new LogOutput(1, null, _error), quiet: false, verbosity);
        AssertLeast(control, least);

        control.TryApply(LogSettings.None, out _);
        AssertLeast(control, LogEventLevel.Information);

        control.TryApply(LogSettings.None with { Verbose = verbosity }, out _);
        AssertLeast(control, least);
    }

    [Fact]
    public void KeepsLibrariesQuietByDefault()
    {
        using LogControl control = Create();

        Assert.False(control.LibraryLog.IsEnabled(LogEventLevel.Information));
        Assert.True(control.LibraryLog.IsEnabled(LogEventLevel.Warning));
    }

    [Fact]
    public void LimitsStderrToLoudLines()
    {
        using LogControl control = Create();
        control.LimitErrorOutput(LogEventLevel.Warning);

        control.Log.Line(LogEventLevel.Information, "a");
        control.Log.Line(LogEventLevel.Fatal, "b");

        Assert.EndsWith("FATAL b", Assert.Single(File.ReadAllLines(_errorPath)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeepsLinesOfManyThreadsWhole()
    {
        using LogControl control = Create();
        control.TryApply(Settings("log"), out _);
        const int threads = 4;
        const int lines = 500;

        await Task.WhenAll(Enumerable.Range(0, threads).Select(t => Task.Run(() =>
        {
            for (int i = 0; i < lines; i++)
            {
                control.Log.Line(LogEventLevel.Information, $"thread {t} line {i} end");
            }
        })));

        string[] written = File.ReadAllLines(_folder.File("log"));
        Assert.Equal(threads * lines, written.Length);
        Assert.All(written, line => Assert.Matches(@"LOG thread \d line \d+ end$", line));
    }

    private static void AssertLeast(LogControl control, LogEventLevel least)
    {
        Assert.True(control.Log.IsEnabled(least));
        Assert.False(least > LogEventLevel.Verbose && control.Log.IsEnabled(least - 1));
    }

    private LogControl Create(bool quiet = false) => new(new LogOutput(1, null, _error), quiet, verbosity: 0);

    private LogSettings Settings(string name) => LogSettings.None with { LogFile = _folder.File(name) };
}
