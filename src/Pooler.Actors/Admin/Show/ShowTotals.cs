using Pooler.Actors.Stats;

namespace Pooler.Actors.Admin.Show;

/// <summary>SHOW TOTALS: the sums over all pools, one counter per row.</summary>
internal static class ShowTotals
{
    public static ResultTable Make(PoolerSnapshot snapshot)
    {
        (StatisticsSnapshot total, StatisticsSnapshot average) = StatisticsColumns.Sum(snapshot, snapshot.Pools);
        var table = new ResultTable(ResultTable.Text("name"), ResultTable.Numeric("value"));
        foreach ((string name, string value) in StatisticsColumns.SumNames.Zip(StatisticsColumns.Values(total)))
            table.Add("total_" + name, value);
        foreach ((string name, string value) in StatisticsColumns.SumNames.Zip(StatisticsColumns.Values(average)))
            table.Add("avg_" + name, value);

        return table;
    }
}
