namespace Pooler.Host.Logging;

/// <summary>How much stands before the message of a log line.</summary>
internal enum LineStyle
{
    /// <summary>Time, process id and level: stderr and files.</summary>
    Full,

    /// <summary>The level only: stderr read by the systemd journal, which adds the rest itself.</summary>
    LevelOnly,

    /// <summary>Nothing: syslog, which has a field for each of them.</summary>
    MessageOnly,
}
