using System.Globalization;
using Pooler.Host.Process;

namespace Pooler.Host.Tests.Process;

public sealed class PidFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public PidFileTests() => _path = _folder.File("pooler.pid");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WritesTheIdAndANewline()
    {
        var file = new PidFile(_path, 4711);

        Assert.True(file.TryCheck(out bool isStale, out _));
        Assert.True(file.TryWrite(out _));

        Assert.False(isStale);
        Assert.Equal("4711\n", File.ReadAllText(_path));
    }

    [Fact]
    public void RefusesToOverwriteAFileThatAppearedSinceTheCheck()
    {
        File.WriteAllText(_path, "1\n");

        Assert.False(new PidFile(_path, 4711).TryWrite(out string? text));
        Assert.Equal($"could not open pidfile '{_path}': File exists", text);
    }

    [Fact]
    public void RemovesOnlyItsOwnFile()
    {
        var other = new PidFile(_path, 1);
        other.TryWrite(out _);
        var file = new PidFile(_path, 2);
        file.TryWrite(out _);

        file.Remove();
        Assert.True(File.Exists(_path));
        other.Remove();
        Assert.False(File.Exists(_path));
        other.Remove();
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("-5")]
    [InlineData("0")]
    [InlineData("99999999999999")]
    public void TakesContentThatIsNoIdForARunningInstance(string content) => AssertInstance(content);

    [Fact]
    public void RefusesWhileTheProcessRuns()
    {
        // Process 1 always runs; it may not be signalled by just anybody, which counts the same.
        AssertInstance("1\n");
        AssertInstance(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + " \n");
    }

    [Fact]
    public void TakesItsOwnIdForThatOfAnEarlierRun()
    {
        File.WriteAllText(_path, "4711\n");

        Assert.True(new PidFile(_path, 4711).TryCheck(out bool isStale, out _));
        Assert.True(isStale);
    }

    [Fact]
    public void RemovesAStaleFile()
    {
        File.WriteAllText(_path, "4194999\n");

        Assert.True(new PidFile(_path, 4711).TryCheck(out bool isStale, out _));

        Assert.True(isStale);
        Assert.False(File.Exists(_path));
    }

    [Fact]
    public void SaysThatTheFileIsEmpty()
    {
        File.WriteAllText(_path, "");

        Assert.False(new PidFile(_path, 4711).TryCheck(out _, out string? text));
        Assert.Equal($"could not read pidfile '{_path}': the file is empty", text);
    }

    [Fact]
    public void SaysWhyItCannotBeRead()
    {
        Directory.CreateDirectory(_path);

        Assert.False(new PidFile(_path, 4711).TryCheck(out _, out string? text));
        Assert.Equal($"could not read pidfile '{_path}': Is a directory", text);
    }

    [Fact]
    public void SaysWhyItCannotBeWritten()
    {
        string path = _folder.File("none/pooler.pid");

        Assert.True(new PidFile(path, 4711).TryCheck(out _, out _));
        Assert.False(new PidFile(path, 4711).TryWrite(out string? text));
        Assert.Equal($"could not open pidfile '{path}': No such file or directory", text);
    }

    private void AssertInstance(string content)
    {
        File.WriteAllText(_path, content);

        Assert.False(new PidFile(_path, 4711).TryCheck(out _, out string? text));

        Assert.Equal($"pidfile '{_path}' exists, another instance running?", text);
        Assert.True(File.Exists(_path));
    }
}
