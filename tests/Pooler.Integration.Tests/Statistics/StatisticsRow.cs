using System.Globalization;
using Pooler.Testing;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Statistics;

/// <summary>The counters of one database by their column names.</summary>
internal static class StatisticsRow
{
    public static async Task<Dictionary<string, long>> ReadAsync(PoolerProcess pooler, string command = "SHOW STATS_TOTALS", string database = "app")
    {
        QueryResult result = await pooler.AdminAsync(command);
        Dictionary<string, long> row = [];
        for (int i = 0; i < result.Rows.Count; i++)
        {
            if (result.Rows[i][0] == database)
            {
                for (int column = 1; column < result.Columns.Count; column++)
                {
                    row[result.Columns[column]] = long.Parse(result.Rows[i][column]!, CultureInfo.InvariantCulture);
                }
            }
        }

        return row;
    }

    /// <summary>What <paramref name="work"/> adds to the totals. The counters of a client that has gone are complete when its server is free again.</summary>
    public static async Task<Dictionary<string, long>> AddedAsync(PoolerProcess pooler, Func<Task> work)
    {
        Dictionary<string, long> before = await ReadAsync(pooler);
        await work();
        await Wait.UntilAsync(
            async () => await pooler.PoolCountAsync("cl_active") + await pooler.PoolCountAsync("cl_waiting") + await pooler.PoolCountAsync("sv_active")
                + await pooler.PoolCountAsync("sv_tested") == 0,
            "the clients are gone and their servers free");
        Dictionary<string, long> after = await ReadAsync(pooler);
        return after.ToDictionary(pair => pair.Key, pair => pair.Value - before.GetValueOrDefault(pair.Key));
    }
}
