using Pooler.Host.Cli;

namespace Pooler.Host.Tests.Cli;

public sealed class CommandLineParserTests
{
    private const string NoFile = "no configuration file specified";

    /// <summary>Arguments that are refused, with the text behind the program's name.</summary>
    public static TheoryData<string, string> Refused => new()
    {
        { "", NoFile },
        { "a b", NoFile },
        { "--", NoFile },
        { "-- -a b", NoFile },
        { "-v a b", NoFile },
        { "-x a", "invalid option -- 'x'" },
        { "-dqx", "invalid option -- 'x'" },
        { "-W", "invalid option -- 'W'" },
        { "--foo a", "unrecognized option '--foo'" },
        { "--foo=3", "unrecognized option '--foo=3'" },
        { "--u", "option '--user' requires an argument" },
        { "--user", "option '--user' requires an argument" },
        { "-u", "option requires an argument -- 'u'" },
        { "-vu", "option requires an argument -- 'u'" },
        { "--v a", "option '--v' is ambiguous; possibilities: '--verbose' '--version'" },
        { "--ver", "option '--ver' is ambiguous; possibilities: '--verbose' '--version'" },
        { "--v=3", "option '--v=3' is ambiguous; possibilities: '--verbose' '--version'" },
        { "--=x", "option '--=x' is ambiguous; possibilities: '--quiet' '--verbose' '--help' '--daemon' '--version' '--reboot' '--user'" },
        { "--quiet=3 a", "option '--quiet' doesn't allow an argument" },
        { "--verb=3 a", "option '--verbose' doesn't allow an argument" },
        { "--daemon=x", "option '--daemon' doesn't allow an argument" },
        { "-x -V", "invalid option -- 'x'" },
        { "a -u", "option requires an argument -- 'u'" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void RefusesWhatGetoptRefuses(string arguments, string text)
    {
        CommandLine.Misuse misuse = Assert.IsType<CommandLine.Misuse>(CommandLineParser.Parse(Split(arguments)));

        Assert.Equal(text, misuse.Text);
    }

    [SkippableTheory]
    [MemberData(nameof(Refused))]
    public void SaysTheSameAsPgBouncer(string arguments, string text)
    {
        const string program = "/usr/sbin/pgbouncer";
        Skip.IfNot(File.Exists(program), "PgBouncer is not installed.");

        ProgramResult result = ProgramResult.Of(program, Split(arguments));

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(result.Error, CommandLineTexts.Misuse(program, text));
    }

    [Theory]
    [InlineData("a", "a", false, false, false, null, 0)]
    [InlineData("-", "-", false, false, false, null, 0)]
    [InlineData("-q a", "a", false, true, false, null, 0)]
    [InlineData("-d a", "a", true, false, false, null, 0)]
    [InlineData("-R a", "a", false, false, true, null, 0)]
    [InlineData("-u me a", "a", false, false, false, "me", 0)]
    [InlineData("-ume a", "a", false, false, false, "me", 0)]
    [InlineData("--user me a", "a", false, false, false, "me", 0)]
    [InlineData("--user=me a", "a", false, false, false, "me", 0)]
    [InlineData("--user= a", "a", false, false, false, "", 0)]
    [InlineData("--us=me=you a", "a", false, false, false, "me=you", 0)]
    [InlineData("-u -v a", "a", false, false, false, "-v", 0)]
    [InlineData("-u x -u y a", "a", false, false, false, "y", 0)]
    [InlineData("-vv a -v", "a", false, false, false, null, 3)]
    [InlineData("-vdqRume a", "a", true, true, true, "me", 1)]
    [InlineData("a --verbose --daemon", "a", true, false, false, null, 1)]
    [InlineData("--verb --q --d --rebo a", "a", true, true, true, null, 1)]
    [InlineData("-v -- -a", "-a", false, false, false, null, 1)]
    public void ReadsOptions(string arguments, string file, bool daemon, bool quiet, bool reboot, string? user, int verbosity)
    {
        CommandLine.Run run = Assert.IsType<CommandLine.Run>(CommandLineParser.Parse(Split(arguments)));

        var expected = new CommandLine.Run
        {
            ConfigFile = file,
            Daemon = daemon,
            Quiet = quiet,
            Reboot = reboot,
            User = user,
            Verbosity = verbosity,
        };
        Assert.Equal(expected, run);
    }

    [Theory]
    [InlineData("-V")]
    [InlineData("--version")]
    [InlineData("--vers")]
    [InlineData("-V -x")]
    [InlineData("a b -V")]
    [InlineData("-qV")]
    public void ShowsTheVersionAtOnce(string arguments)
    {
        Assert.IsType<CommandLine.ShowVersion>(CommandLineParser.Parse(Split(arguments)));
    }

    [Theory]
    [InlineData("-h")]
    [InlineData("--he")]
    [InlineData("-h -V")]
    public void ShowsHelpAtOnce(string arguments)
    {
        Assert.IsType<CommandLine.ShowHelp>(CommandLineParser.Parse(Split(arguments)));
    }

    [Fact]
    public void EndsTheOptionsAtTheFileWhereAskedTo()
    {
        Assert.IsType<CommandLine.ShowVersion>(CommandLineParser.Parse(["a", "-V"]));
        Assert.IsType<CommandLine.Misuse>(CommandLineParser.Parse(["a", "-V"], optionsFirst: true));
        Assert.IsType<CommandLine.Run>(CommandLineParser.Parse(["-v", "a"], optionsFirst: true));
    }

    private static string[] Split(string arguments) => arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
