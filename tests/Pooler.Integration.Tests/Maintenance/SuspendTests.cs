using Pooler.Testing;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Maintenance;

/// <summary>SUSPEND stops everybody wherever they are, in the middle of results and COPY, and after RESUME they go on from there.</summary>
public sealed class SuspendTests
{
    [Fact]
    public async Task Suspend_and_resume_lose_and_double_nothing()
    {
        await using PostgresCluster cluster = await PostgresCluster.StartAsync();

        // Fewer servers than clients: those who have one are stopped inside their transactions, and the others where they wait.
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(
            MaintenanceLoad.Options(cluster, ("default_pool_size", "8"), ("suspend_timeout", "60")));
        await using MaintenanceLoad load = await MaintenanceLoad.StartAsync(pooler, cluster);
        load.Add(StreamLoad.Start("streams tcp", pooler.Host, pooler.Port, 2));
        load.Add(StreamLoad.Start("streams unix", pooler.Directory, pooler.Port, 1));
        using RawClient console = await pooler.ConsoleAsync();
        for (int i = 0; i < 4; i++)
        {
            await load.WorksOnAsync(cluster, transactions: 3);
            QueryResult suspended = await console.QueryAsync("SUSPEND");
            Assert.Empty(suspended.Errors);
            Assert.Equal("SUSPEND", Assert.Single(suspended.Tags));

            // What the servers have got already they still do, until they wait for somebody who reads or writes.
            await Wait.UntilAsync(
                async () => await cluster.ScalarAsync(
                    "SELECT count(*) FROM pg_stat_activity WHERE usename = 'bouncer' AND state = 'active' AND wait_event_type IS DISTINCT FROM 'Client'") is 0L,
                "the servers rest");
            Dictionary<string, long> before = await MaintenanceLoad.CountAsync(cluster);
            for (int look = 0; look < 20; look++)
            {
                Assert.Contains((await console.QueryAsync("SHOW STATE")).Rows, row => row is ["suspended", "yes"]);
                Assert.Equal(before, await MaintenanceLoad.CountAsync(cluster));
            }

            Assert.Equal("RESUME", Assert.Single((await console.QueryAsync("RESUME")).Tags));
        }

        await load.WorksOnAsync(cluster, transactions: 3);
        await load.StopAndCheckAsync();
    }
}
