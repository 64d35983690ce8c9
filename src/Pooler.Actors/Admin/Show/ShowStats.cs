using Pooler.Actors.Stats;

namespace Pooler.Actors.Admin.Show;

/// <summary>SHOW STATS, STATS_TOTALS and STATS_AVERAGES: one row per database that has a pool.</summary>
internal static class ShowStats
{
    /// <summary>STATS: totals, then averages.</summary>
    public static ResultTable Make(PoolerSnapshot snapshot) => Make(
        snapshot,
        StatisticsColumns.TotalNames.Concat(StatisticsColumns.AverageNames),
        static (total, average) => StatisticsColumns.Values(total).Concat(StatisticsColumns.Values(average)));

    /// <summary>STATS_TOTALS.</summary>
    public static ResultTable MakeTotals(PoolerSnapshot snapshot) =>
        Make(snapshot, StatisticsColumns.Names, static (total, _) => StatisticsColumns.Values(total));

    /// <summary>STATS_AVERAGES.</summary>
    public static ResultTable MakeAverages(PoolerSnapshot snapshot) =>
        Make(snapshot, StatisticsColumns.AverageTableNames, static (_, average) => StatisticsColumns.Values(average));

    private static ResultTable Make(
        PoolerSnapshot snapshot, IEnumerable<string> names, Func<StatisticsSnapshot, StatisticsSnapshot, IEnumerable<string>> values)
    {
        var table = new ResultTable([ResultTable.Text("database"), .. names.Select(ResultTable.Numeric)]);
        foreach (IGrouping<string, PoolSnapshot> database in snapshot.Pools.GroupBy(pool => pool.Database))
        {
            (StatisticsSnapshot total, StatisticsSnapshot average) = StatisticsColumns.Sum(snapshot, database);
            table.Add([database.Key, .. values(total, average)]);
        }

        return table;
    }
}
