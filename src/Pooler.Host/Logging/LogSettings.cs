using Pooler.Actors.Configuration;

namespace Pooler.Host.Logging;

/// <summary>Where the log goes besides stderr, and how much of it; the settings of the same names.</summary>
/// <param name="LogFile">Path of the log file; empty: none.</param>
/// <param name="Syslog">Also to syslog.</param>
/// <param name="SyslogIdent">The tag of syslog's lines.</param>
/// <param name="SyslogFacility">Name of the facility; unknown ones count as daemon.</param>
/// <param name="Verbose">0: LOG and louder, 1: DEBUG, 2: NOISE.</param>
internal sealed record LogSettings(string LogFile, bool Syslog, string SyslogIdent, string SyslogFacility, int Verbose)
{
    /// <summary>stderr alone.</summary>
    public static LogSettings None { get; } = new("", false, "pgbouncer", "daemon", 0);

    /// <summary>What the pooler's settings say about the log.</summary>
    public static LogSettings Of(GlobalSettings settings) =>
        new(settings.Logfile, settings.Syslog, settings.SyslogIdent, settings.SyslogFacility, settings.Verbose);
}
