using System.Globalization;

namespace Pooler.Actors.Stats;

/// <summary>The statistics line of the log and of the service manager.</summary>
internal static class StatisticsLine
{
    /// <summary>The log's line for the averages of one period.</summary>
    public static string Format(StatisticsSnapshot average) => Format(average, "us");

    /// <summary>What systemd shows as the status of the service: the same figures, with the unit as a person writes it.</summary>
    public static string FormatStatus(StatisticsSnapshot average) => Format(average, "μs");

    private static string Format(StatisticsSnapshot average, string unit) => string.Create(
        CultureInfo.InvariantCulture,
        $"stats: {average.TransactionCount} xacts/s, {average.QueryCount} queries/s, {average.ClientParseCount} client parses/s, "
        + $"{average.ServerParseCount} server parses/s, {average.BindCount} binds/s, {average.ClientLoginCount} client logins/s, "
        + $"in {average.ReceivedBytes} B/s, out {average.SentBytes} B/s, "
        + $"xact {average.TransactionTime} {unit}, query {average.QueryTime} {unit}, wait {average.WaitTime} {unit}");
}
