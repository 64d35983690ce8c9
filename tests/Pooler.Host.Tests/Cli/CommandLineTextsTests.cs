using Pooler.Host.Cli;

namespace Pooler.Host.Tests.Cli;

public sealed class CommandLineTextsTests
{
    [Fact]
    public void VersionHasOneItemPerLineAndTheProductFirst()
    {
        string[] lines = CommandLineTexts.Version("PgBouncer 1.25.2 (Pooler 0.1.0)").Split('\n');

        Assert.Equal("PgBouncer 1.25.2 (Pooler 0.1.0)", lines[0]);
        Assert.StartsWith("libevent ", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("adns: libc", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("tls: ", lines[3], StringComparison.Ordinal);
        Assert.StartsWith("systemd: ", lines[4], StringComparison.Ordinal);
        Assert.Equal("", lines[5]);
        Assert.Equal(6, lines.Length);
    }

    [Fact]
    public void HelpStartsWithTheProgramsName()
    {
        string help = CommandLineTexts.Help("/usr/bin/pooler");

        Assert.StartsWith("/usr/bin/pooler is a connection pooler for PostgreSQL.\n\nUsage:\n  /usr/bin/pooler [OPTION]... CONFIG_FILE\n", help, StringComparison.Ordinal);
        Assert.EndsWith("\n", help, StringComparison.Ordinal);
    }

    [Fact]
    public void MisuseNamesTheProgramTwice()
    {
        Assert.Equal("p: bad\nTry \"p --help\" for more information.\n", CommandLineTexts.Misuse("p", "bad"));
    }

    [Fact]
    public void StartLineHasPgBouncersParts()
    {
        Assert.Matches("^process up: X, libevent [^,]+ \\(epoll\\), adns: [^,]+, tls: [^,]+$", CommandLineTexts.ProcessUp("X"));
    }
}
