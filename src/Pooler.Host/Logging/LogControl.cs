using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Pooler.Host.Logging;

/// <summary>
/// Owns the process's log: the loggers, where they write to and how much. Settings may change at any time, from any thread.
/// </summary>
internal sealed class LogControl : IDisposable
{
    private readonly LogOutput _output;
    private readonly LoggingLevelSwitch _level = new();
    private readonly LoggingLevelSwitch _libraryLevel = new();
    private readonly Logger _log;
    private readonly Logger _libraryLog;

    /// <param name="output">Where lines go.</param>
    /// <param name="quiet">True if nothing goes to stderr.</param>
    /// <param name="verbosity">What the command line says, until settings are applied.</param>
    public LogControl(LogOutput output, bool quiet, int verbosity)
    {
        _output = output;
        if (quiet)
        {
            output.SetErrorThreshold(null);
        }

        SetVerbosity(verbosity);
        _log = new LoggerConfiguration().MinimumLevel.ControlledBy(_level).WriteTo.Sink(output).CreateLogger();
        _libraryLog = new LoggerConfiguration()
            .MinimumLevel.ControlledBy(_libraryLevel)
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .WriteTo.Sink(output)
            .CreateLogger();
        IsQuiet = quiet;
    }

    /// <summary>The pooler's own log.</summary>
    public ILogger Log => _log;

    /// <summary>The log of the libraries it stands on: of their lines only warnings and errors are of interest, until somebody asks for more.</summary>
    public ILogger LibraryLog => _libraryLog;

    /// <summary>True if nothing goes to stderr by the command line.</summary>
    public bool IsQuiet { get; }

    /// <summary>The level of a number of -v or of the setting verbose.</summary>
    public static LogEventLevel LevelOf(int verbosity) => verbosity switch
    {
        <= 0 => LogEventLevel.Information,
        1 => LogEventLevel.Debug,
        _ => LogEventLevel.Verbose,
    };

    /// <summary>
    /// Follows the settings and opens the log file anew, which also serves log rotation. False with the text of a log line if the file
    /// cannot be opened; then the old file stays in use.
    /// </summary>
    public bool TryApply(LogSettings settings, out string errorText)
    {
        SetVerbosity(settings.Verbose);
        if (_output.TryApply(settings, out string error))
        {
            errorText = "";
            return true;
        }

        errorText = $"Cannot open logfile: '{settings.LogFile}': {error}";
        return false;
    }

    /// <summary>Lets only lines of this level and above through to stderr from now on; null: none. -q stays stronger.</summary>
    public void LimitErrorOutput(LogEventLevel? threshold)
    {
        if (!IsQuiet)
        {
            _output.SetErrorThreshold(threshold);
        }
    }

    public void Dispose()
    {
        _log.Dispose();
        _libraryLog.Dispose();
        _output.Dispose();
    }

    private void SetVerbosity(int verbosity)
    {
        _level.MinimumLevel = LevelOf(verbosity);
        _libraryLevel.MinimumLevel = verbosity <= 0 ? LogEventLevel.Warning : LevelOf(verbosity);
    }
}
