using System.Text;
using Pooler.Actors.Admin;
using Pooler.Actors.Logging;
using Pooler.Host.Cli;
using Pooler.Host.Hosting;
using Pooler.Host.Logging;
using Pooler.Host.Process;
using Serilog.Events;

namespace Pooler.Host;

/// <summary>The executable: takes PgBouncer's arguments and gives its exit codes.</summary>
internal static class Program
{
    private const int StandardOutput = 1;
    private const int StandardError = 2;

    private static int Main(string[] arguments)
    {
        string name = ProgramArguments.ProgramName(arguments.Length);
        bool optionsFirst = Environment.GetEnvironmentVariable("POSIXLY_CORRECT") is not null;
        switch (CommandLineParser.Parse(arguments, optionsFirst))
        {
            case CommandLine.ShowVersion:
                return Print(StandardOutput, CommandLineTexts.Version(PoolerVersion.Text), exitCode: 0);
            case CommandLine.ShowHelp:
                return Print(StandardOutput, CommandLineTexts.Help(name), exitCode: 0);
            case CommandLine.Misuse misuse:
                return Print(StandardError, CommandLineTexts.Misuse(name, misuse.Text), exitCode: 1);
            case CommandLine.Run run when Daemon.TryGetReadyDescriptor(out int ready):
                return Serve(run, ready);
            case CommandLine.Run { Daemon: true } run:
                return Detach(run);
            case CommandLine.Run run:
                return Serve(run, readyDescriptor: null);
            default:
                return 1;
        }
    }

    /// <summary>The foreground process of -d: the one that it starts does everything else.</summary>
    private static int Detach(CommandLine.Run run)
    {
        string? program = Environment.ProcessPath;
        string? error = null;
        int exitCode = program is null ? 1 : Daemon.Launch(program, ProgramArguments.Raw(), out error);
        if (program is null || error is not null)
        {
            using LogControl logControl = CreateLog(run);
            logControl.Log.Line(LogEventLevel.Fatal, $"could not start the background process: {error ?? "its program is unknown"}");
        }

        return exitCode;
    }

    private static int Serve(CommandLine.Run run, int? readyDescriptor)
    {
        using LogControl logControl = CreateLog(run);
        AppDomain.CurrentDomain.UnhandledException += (_, e) => logControl.Log.Line(LogEventLevel.Fatal, $"unhandled exception: {e.ExceptionObject}");
        var startup = new Startup(run, logControl);
        if (!startup.TryRun(out var settings, out PidFile? pidFile))
        {
            return 1;
        }

        if (readyDescriptor is not null)
        {
            // In the background only what keeps it from starting is of interest to the terminal.
            logControl.LimitErrorOutput(LogEventLevel.Warning);
        }

        var pooler = new PoolerHost(settings, startup.Loader, logControl, pidFile, readyDescriptor);
        int exitCode = pooler.RunAsync().GetAwaiter().GetResult();
        logControl.Dispose();

        // Threads of the loops do not keep the process from ending.
        Environment.Exit(exitCode);
        return exitCode;
    }

    private static LogControl CreateLog(CommandLine.Run run) =>
        new(new LogOutput(Environment.ProcessId, Environment.GetEnvironmentVariable("JOURNAL_STREAM")), run.Quiet, run.Verbosity);

    private static int Print(int descriptor, string text, int exitCode)
    {
        LibC.WriteAll(descriptor, Encoding.UTF8.GetBytes(text));
        return exitCode;
    }
}
