using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Maintenance;

/// <summary>The server is stopped and started behind the pooler, and no client meets an error.</summary>
public sealed class RestartTests
{
    [Theory]
    [InlineData("PAUSE", "RESUME")]
    [InlineData("PAUSE app; PAUSE app_session", "RESUME app; RESUME app_session")]
    public async Task Pause_restart_resume_is_nothing_but_a_wait(string pause, string resume)
    {
        await using PostgresCluster cluster = await PostgresCluster.StartAsync();
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(MaintenanceLoad.Options(cluster));
        await using MaintenanceLoad load = await MaintenanceLoad.StartAsync(pooler, cluster);
        object? before = await cluster.ScalarAsync("SELECT pg_postmaster_start_time()");

        await RunAsync(pooler, pause);
        await cluster.ShutDownServerAsync();
        await load.WaitsAsync();
        await cluster.StartServerAsync();
        await load.WaitsAsync();
        await RunAsync(pooler, resume);

        Assert.NotEqual(before, await cluster.ScalarAsync("SELECT pg_postmaster_start_time()"));
        await load.WorksOnAsync(cluster);
        await load.StopAndCheckAsync();
    }

    [Fact]
    public async Task Resume_before_the_server_is_up_costs_time_and_nothing_else()
    {
        await using PostgresCluster cluster = await PostgresCluster.StartAsync();
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(MaintenanceLoad.Options(cluster, ("log_disconnections", "1")));
        await using MaintenanceLoad load = await MaintenanceLoad.StartAsync(pooler, cluster);

        await RunAsync(pooler, "PAUSE");
        await cluster.ShutDownServerAsync();
        await load.WaitsAsync();
        await RunAsync(pooler, "RESUME");
        await pooler.WaitForLogAsync("closing because: connect failed", occurrence: 3);
        await load.WaitsAsync();

        // Who comes only now is told why there is no server.
        using RawClient late = await pooler.LogInAsync();
        ErrorFields error = Assert.Single((await late.QueryAsync("SELECT 1")).Errors);
        Assert.StartsWith("server login has been failing", error.Message, StringComparison.Ordinal);
        await cluster.StartServerAsync();
        await load.WorksOnAsync(cluster);
        await load.StopAndCheckAsync();
    }

    private static async Task RunAsync(PoolerProcess pooler, string commands)
    {
        foreach (string command in commands.Split("; "))
        {
            Assert.Equal(command.Split(' ')[0], Assert.Single((await pooler.AdminAsync(command)).Tags));
        }
    }
}
