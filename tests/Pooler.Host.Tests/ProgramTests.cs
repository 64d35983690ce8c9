using System.Globalization;
using System.Net.Sockets;

namespace Pooler.Host.Tests;

/// <summary>The program from outside: arguments, signals, files, exit codes.</summary>
public sealed class ProgramTests
{
    [Fact]
    public void PrintsItsVersion()
    {
        ProgramResult result = ProgramResult.Of(ProgramUnderTest.Program, "-V");

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("PgBouncer 1.25.2 (Pooler 0.1.0)\nlibevent ", result.Output, StringComparison.Ordinal);
        Assert.Equal("", result.Error);
    }

    [Fact]
    public void PrintsItsUsage()
    {
        ProgramResult result = ProgramResult.Of(ProgramUnderTest.Program, "--help");

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith($"{ProgramUnderTest.Program} is a connection pooler for PostgreSQL.\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void WantsAConfigurationFile()
    {
        ProgramResult result = ProgramResult.Of(ProgramUnderTest.Program);

        Assert.Equal(1, result.ExitCode);
        string name = ProgramUnderTest.Program;
        Assert.Equal($"{name}: no configuration file specified\nTry \"{name} --help\" for more information.\n", result.Error);
        Assert.Equal("", result.Output);
    }

    [Fact]
    public void SaysWhyItCannotReadTheFile()
    {
        ProgramResult result = ProgramResult.Of(ProgramUnderTest.Program, "/nonexistent/x.ini");

        AssertFatal(result, "cannot load config file");
        Assert.Matches("ERROR could not load file \"/nonexistent/x.ini\": No such file or directory\n", result.Error);
    }

    [Fact]
    public void SaysNothingWhenQuiet()
    {
        ProgramResult result = ProgramResult.Of(ProgramUnderTest.Program, "-q", "/nonexistent/x.ini");

        Assert.Equal(new ProgramResult(1, "", ""), result);
    }

    [Theory]
    [InlineData("ERROR unknown parameter: pgbouncer/nonsense\n", "-q")]
    [InlineData("FATAL cannot load config file\n", "-q")]
    [InlineData("FATAL online restart is not available", "-q", "-R")]
    public void SaysInTheLogWhatItMayNotSayOtherwise(string line, params string[] arguments)
    {
        using var program = new ProgramUnderTest();
        string log = program.FileOf("pooler.log");
        File.AppendAllText(program.Ini, $"nonsense = 1\nlogfile = {log}\n");

        Assert.Equal(new ProgramResult(1, "", ""), program.Run(arguments));
        Assert.Contains(line, File.ReadAllText(log), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void RefusesRoot()
    {
        Skip.IfNot(ProgramUnderTest.IsRoot, "Only root can try.");
        using var program = new ProgramUnderTest();

        AssertFatal(ProgramResult.Of(ProgramUnderTest.Program, program.Ini), "PgBouncer should not run as root");
        AssertFatal(ProgramResult.Of(ProgramUnderTest.Program, "-u", "root", program.Ini), "PgBouncer should not run as root");
    }

    [Fact]
    public void DoesNotKnowJustAnyUser()
    {
        using var program = new ProgramUnderTest();

        AssertFatal(program.Run("-u", "no-such-user"), "could not find user 'no-such-user' to switch to");
    }

    [Fact]
    public void HasNoOnlineRestart()
    {
        using var program = new ProgramUnderTest();

        ProgramResult result = program.Run("-R");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("FATAL online restart is not available, use so_reuseport", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void WantsAPidFileInTheBackground()
    {
        using var program = new ProgramUnderTest();

        AssertFatal(program.Run("-d"), "daemon needs pidfile configured");
    }

    [Fact]
    public void NeedsItsLogFile()
    {
        using var program = new ProgramUnderTest("logfile = /nonexistent/x.log");

        AssertFatal(program.Run(), "Cannot open logfile: '/nonexistent/x.log': No such file or directory");
    }

    [Fact]
    public void RefusesASecondInstanceByPidFile()
    {
        using var program = new ProgramUnderTest("pidfile = pooler.pid");
        string path = program.FileOf("pooler.pid");
        File.WriteAllText(path, "1\n");
        File.WriteAllText(program.Ini, File.ReadAllText(program.Ini).Replace("= pooler.pid", "= " + path, StringComparison.Ordinal));

        AssertFatal(program.Run(), $"pidfile '{path}' exists, another instance running?");
        AssertFatal(program.Run("-d"), $"pidfile '{path}' exists, another instance running?");
    }

    [Fact]
    public void RefusesASecondInstanceBySocket()
    {
        using var program = new ProgramUnderTest();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(program.Socket));
        listener.Listen();
        File.SetUnixFileMode(program.Socket, (UnixFileMode)0b111_111_111);

        AssertFatal(program.Run(), "unix socket is in use, cannot continue");
    }

    [Fact]
    public void RespectsTheLockOfAServer()
    {
        using var program = new ProgramUnderTest();
        File.WriteAllText(program.Socket + ".lock", "");

        AssertFatal(program.Run(), $"unix port {program.Port} is in use");
    }

    [Theory]
    [InlineData("TERM", "got SIGTERM, shutting down, waiting for all clients disconnect")]
    [InlineData("INT", "got SIGINT, shutting down, waiting for all servers connections to be released")]
    [InlineData("QUIT", "got SIGQUIT, fast exit")]
    public async Task ServesUntilASignal(string signal, string text)
    {
        using var program = new ProgramUnderTest("pidfile = /nonexistent");
        string path = program.FileOf("pooler.pid");
        File.WriteAllText(program.Ini, File.ReadAllText(program.Ini).Replace("/nonexistent", path, StringComparison.Ordinal));
        await program.StartAsync();
        Assert.Contains("process up: PgBouncer 1.25.2 (Pooler 0.1.0), libevent ", program.Error, StringComparison.Ordinal);
        Assert.Equal(program.Process.Id + "\n", File.ReadAllText(path));
        Assert.True(File.Exists(program.Socket));

        ProgramUnderTest.Signal(program.Process.Id, signal);

        Assert.Equal(0, await program.WaitForExitAsync());
        Assert.Contains("LOG " + text, program.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
        Assert.False(File.Exists(program.Socket));
    }

    [Theory]
    [InlineData("INT", "got SIGINT, shutting down, waiting for all servers connections to be released")]
    [InlineData("QUIT", "got SIGQUIT, fast exit")]
    public async Task FollowsSignalsThatItsShellIgnored(string signal, string text)
    {
        using var program = new ProgramUnderTest();
        await program.StartIgnoringAsync("INT", "QUIT", "HUP");
        ProgramUnderTest.Signal(program.Process.Id, "HUP");
        await ProgramUnderTest.WaitForAsync(() => program.Error.Contains("LOG got SIGHUP, re-reading config", StringComparison.Ordinal));

        ProgramUnderTest.Signal(program.Process.Id, signal);

        Assert.Equal(0, await program.WaitForExitAsync());
        Assert.Contains("LOG " + text, program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void NamesAnAddressThatIsUnknown()
    {
        using var program = new ProgramUnderTest();
        string text = File.ReadAllText(program.Ini).Replace("listen_addr =", "listen_addr = no-such-host.invalid", StringComparison.Ordinal);
        File.WriteAllText(program.Ini, text);

        ProgramResult result = program.Run();

        Assert.Equal(1, result.ExitCode);
        Assert.Matches(@"FATAL getaddrinfo\('no-such-host\.invalid', '\d+'\) = .+ \[-[235]\]\n$", result.Error);
    }

    [Fact]
    public async Task ReopensItsLogFileOnHangup()
    {
        using var program = new ProgramUnderTest();
        string path = program.FileOf("pooler.log");
        File.AppendAllText(program.Ini, $"logfile = {path}\n");
        await program.StartAsync();
        File.Move(path, path + ".1");

        ProgramUnderTest.Signal(program.Process.Id, "HUP");

        await ProgramUnderTest.WaitForAsync(() => File.Exists(path));
        Assert.Contains("got SIGHUP, re-reading config", File.ReadAllText(path + ".1"), StringComparison.Ordinal);
        ProgramUnderTest.Signal(program.Process.Id, "QUIT");
        Assert.Equal(0, await program.WaitForExitAsync());
        Assert.Contains("got SIGQUIT, fast exit", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GoesIntoTheBackground()
    {
        using var program = new ProgramUnderTest();
        string path = program.FileOf("pooler.pid");
        string log = program.FileOf("pooler.log");
        File.AppendAllText(program.Ini, $"pidfile = {path}\nlogfile = {log}\n");

        Assert.Equal(new ProgramResult(0, "", ""), program.Run("-d"));

        // The foreground process has waited until all is in place.
        int processId = int.Parse(File.ReadAllText(path).Trim(), CultureInfo.InvariantCulture);
        Assert.Contains("process up: ", File.ReadAllText(log), StringComparison.Ordinal);
        Assert.Equal("pooler", File.ReadAllText($"/proc/{processId}/comm").Trim());
        ProgramUnderTest.Signal(processId, "QUIT");
        await ProgramUnderTest.WaitForAsync(() => !File.Exists(path));
    }

    private static void AssertFatal(ProgramResult result, string text)
    {
        Assert.Equal(1, result.ExitCode);
        Assert.Matches(@"(^|\n)\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \S+ \[\d+\] FATAL [^\n]*\n$", result.Error);
        Assert.EndsWith("FATAL " + text + "\n", result.Error, StringComparison.Ordinal);
    }
}
