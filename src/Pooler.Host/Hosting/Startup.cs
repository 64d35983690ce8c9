using System.Diagnostics.CodeAnalysis;
using Pooler.Actors.Configuration;
using Pooler.Actors.Logging;
using Pooler.Host.Cli;
using Pooler.Host.Logging;
using Pooler.Host.Process;
using Serilog;
using Serilog.Events;

namespace Pooler.Host.Hosting;

/// <summary>
/// What happens between the command line and the supervisor tree, in an order that matters: settings, user, log, other instances. The
/// user changes before any file or socket is made, and a second instance is refused before it can disturb the first.
/// </summary>
internal sealed class Startup
{
    private readonly CommandLine.Run _run;
    private readonly LogControl _logControl;
    private readonly ILogger _log;

    public Startup(CommandLine.Run run, LogControl logControl)
    {
        _run = run;
        _logControl = logControl;
        _log = logControl.Log;
        Loader = new SettingsLoader(DiskSettingsFiles.Instance, GlobalSettings.Default with { Verbose = run.Verbosity });
    }

    /// <summary>Reads the settings now and at each reload.</summary>
    public SettingsLoader Loader { get; }

    /// <summary>Takes all the steps. False if the process must end with exit code 1; the reason is in the log then.</summary>
    public bool TryRun([NotNullWhen(true)] out PoolerSettings? settings, out PidFile? pidFile)
    {
        pidFile = null;
        settings = null;
        LoadResult loaded = Loader.Load(_run.ConfigFile);
        if (_run.Reboot)
        {
            FindLog(loaded.ForLog ?? loaded.Settings!.Global);
            return Fail("online restart is not available, use so_reuseport to run the old and the new process side by side");
        }

        if (!loaded.Succeeded)
        {
            FindLog(loaded.ForLog);
            Write(LogEventLevel.Error, loaded.Errors);
            return Fail("cannot load config file");
        }

        settings = loaded.Settings;

        // The log is there for what goes wrong next; but a file that root makes would be closed to the user who is to write it.
        bool isRoot = SystemUser.IsRoot;
        if ((!isRoot && !TryOpenLog(settings.Global))
            || !TrySwitchUser(_run.User ?? settings.Global.User)
            || (isRoot && !TryOpenLog(settings.Global)))
        {
            return false;
        }

        Write(LogEventLevel.Error, loaded.Errors);
        Write(LogEventLevel.Warning, loaded.Warnings);
        if (ServiceNotifier.HasPassedSockets(Environment.GetEnvironmentVariable, Environment.ProcessId))
        {
            _log.Line(LogEventLevel.Warning, "sockets passed by systemd are not used in this version, listening by listen_addr and unix_socket_dir");
        }

        return TryExcludeOthers(settings.Global, out pidFile);
    }

    private bool TryOpenLog(GlobalSettings settings) => _logControl.TryApply(LogSettings.Of(settings), out string error) || Fail(error);

    /// <summary>Before the process ends: with -q the reason is found in the log alone, so that is opened for it if it can be.</summary>
    private void FindLog(GlobalSettings settings)
    {
        string? user = _run.User ?? settings.User;
        if (!SystemUser.IsRoot || (!string.IsNullOrEmpty(user) && SystemUser.TryBecome(user, out _) && !SystemUser.IsRoot))
        {
            _logControl.TryApply(LogSettings.Of(settings), out _);
        }
    }

    private bool TrySwitchUser(string? user)
    {
        if (!string.IsNullOrEmpty(user) && !SystemUser.TryBecome(user, out string? fatalText))
        {
            return Fail(fatalText);
        }

        if (SystemUser.IsRoot)
        {
            return Fail("PgBouncer should not run as root");
        }

        // Parts of the program are loaded when they are first needed, which is later than now.
        return CanRead(typeof(Startup).Assembly.Location)
            || Fail($"user '{Environment.UserName}' cannot read the program in {AppContext.BaseDirectory}");
    }

    private static bool CanRead(string path)
    {
        int descriptor = LibC.Open(path, LibC.CloseOnExec, 0);
        return descriptor >= 0 && LibC.Close(descriptor) == 0;
    }

    private bool TryExcludeOthers(GlobalSettings settings, out PidFile? pidFile)
    {
        pidFile = null;
        if (UnixSocket.PathOf(settings.UnixSocketDir, settings.ListenPort) is { } path && UnixSocket.IsInUse(path))
        {
            return Fail("unix socket is in use, cannot continue");
        }

        if (string.IsNullOrEmpty(settings.Pidfile))
        {
            return !_run.Daemon || Fail("daemon needs pidfile configured");
        }

        pidFile = new PidFile(settings.Pidfile, Environment.ProcessId);
        if (!pidFile.TryCheck(out bool isStale, out string? fatalText))
        {
            return Fail(fatalText);
        }

        if (isStale)
        {
            _log.Line(LogEventLevel.Information, "stale pidfile, removing");
        }

        return true;
    }

    private bool Fail(string text)
    {
        _log.Line(LogEventLevel.Fatal, text);
        return false;
    }

    private void Write(LogEventLevel level, IReadOnlyList<string> lines)
    {
        foreach (string line in lines)
        {
            _log.Line(level, line);
        }
    }
}
