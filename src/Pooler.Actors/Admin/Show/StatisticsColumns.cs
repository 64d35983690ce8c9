using System.Collections.Immutable;
using Pooler.Actors.Stats;

namespace Pooler.Actors.Admin.Show;

/// <summary>The counters in the order of every statistics table, their names there, and their sums by database.</summary>
internal static class StatisticsColumns
{
    /// <summary>STATS_TOTALS.</summary>
    public static ImmutableArray<string> Names { get; } =
    [
        "server_assignment_count", "xact_count", "query_count", "bytes_received", "bytes_sent", "xact_time", "query_time", "wait_time",
        "client_parse_count", "server_parse_count", "bind_count", "client_login_count",
    ];

    /// <summary>STATS_AVERAGES, where the last four columns have a prefix and the others have none; tools know them by these names.</summary>
    public static ImmutableArray<string> AverageTableNames { get; } =
    [
        .. Names.Select(name => name is "client_parse_count" or "server_parse_count" or "bind_count" or "client_login_count" ? "avg_" + name : name),
    ];

    /// <summary>STATS: totals.</summary>
    public static ImmutableArray<string> TotalNames { get; } =
        [.. Names.Select(name => name switch { "bytes_received" => "total_received", "bytes_sent" => "total_sent", _ => "total_" + name })];

    /// <summary>STATS: averages.</summary>
    public static ImmutableArray<string> AverageNames { get; } =
        [.. Names.Select(name => name switch { "bytes_received" => "avg_recv", "bytes_sent" => "avg_sent", _ => "avg_" + name })];

    /// <summary>TOTALS, without the prefix.</summary>
    public static ImmutableArray<string> SumNames { get; } =
    [
        .. Names.Select(name => name switch
        {
            "bytes_received" => "client_bytes",
            "bytes_sent" => "server_bytes",
            "client_parse_count" or "server_parse_count" or "bind_count" => "ps_" + name,
            _ => name,
        }),
    ];

    public static IEnumerable<string> Values(StatisticsSnapshot counters)
    {
        yield return ResultTable.Number(counters.ServerAssignmentCount);
        yield return ResultTable.Number(counters.TransactionCount);
        yield return ResultTable.Number(counters.QueryCount);
        yield return ResultTable.Number(counters.ReceivedBytes);
        yield return ResultTable.Number(counters.SentBytes);
        yield return ResultTable.Number(counters.TransactionTime);
        yield return ResultTable.Number(counters.QueryTime);
        yield return ResultTable.Number(counters.WaitTime);
        yield return ResultTable.Number(counters.ClientParseCount);
        yield return ResultTable.Number(counters.ServerParseCount);
        yield return ResultTable.Number(counters.BindCount);
        yield return ResultTable.Number(counters.ClientLoginCount);
    }

    /// <summary>What the pools have counted in all, and their averages.</summary>
    public static (StatisticsSnapshot Total, StatisticsSnapshot Average) Sum(PoolerSnapshot snapshot, IEnumerable<PoolSnapshot> pools)
    {
        StatisticsSnapshot total = default;
        StatisticsSnapshot recent = default;
        foreach (PoolSnapshot pool in pools)
        {
            total += pool.Statistics;
            recent += snapshot.Window.Since(pool);
        }

        return (total, recent.Average(snapshot.Now - snapshot.Window.Start));
    }
}
