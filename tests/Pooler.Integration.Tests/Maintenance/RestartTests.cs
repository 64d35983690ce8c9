using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;

namespace Pooler.Integration.Tests.Maintenance;

/// <summary>The server is stopped and started behind the pooler, and no client meets an error.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task Pause_restart_resume_is_nothing_but_a_wait()
    {
        await using PostgresCluster cluster = await PostgresCluster.StartAsync();
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(MaintenanceLoad.Options(cluster));
        await using MaintenanceLoad load = await MaintenanceLoad.StartAsync(pooler, cluster);
        object? before = await cluster.ScalarAsync("SELECT pg_postmaster_start_time()");

        Assert.Equal("PAUSE", Assert.Single((await pooler.AdminAsync("PAUSE")).Tags));
        await cluster.ShutDownServerAsync();
        await load.WaitsAsync();
        await cluster.StartServerAsync();
        await load.WaitsAsync();
        Assert.Equal("RESUME", Assert.Single((await pooler.AdminAsync("RESUME")).Tags));

        Assert.NotEqual(before, await cluster.ScalarAsync("SELECT pg_postmaster_start_time()"));
        await load.WorksOnAsync(cluster);
        await load.StopAndCheckAsync();
    }
}
