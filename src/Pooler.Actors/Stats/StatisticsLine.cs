using System.Globalization;

namespace Pooler.Actors.Stats;

/// <summary>The log's statistics line.</summary>
internal static class StatisticsLine
{
    /// <summary>The line for the averages of one period.</summary>
    public static string Format(StatisticsSnapshot average) => string.Create(
        CultureInfo.InvariantCulture,
        $"stats: {average.TransactionCount} xacts/s, {average.QueryCount} queries/s, {average.ClientParseCount} client parses/s, "
        + $"{average.ServerParseCount} server parses/s, {average.BindCount} binds/s, {average.ClientLoginCount} client logins/s, "
        + $"in {average.ReceivedBytes} B/s, out {average.SentBytes} B/s, "
        + $"xact {average.TransactionTime} us, query {average.QueryTime} us, wait {average.WaitTime} us");
}
