using Pooler.Testing;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Maintenance;

/// <summary>RECONNECT after the server has been restarted or replaced: nobody gets a connection of before, or is told of the server what held before.</summary>
public sealed class ReconnectTests
{
    private const string StartTime = "SELECT pg_postmaster_start_time()";

    [Fact]
    public async Task Pause_restart_reconnect_resume_is_nothing_but_a_wait()
    {
        await using PostgresCluster cluster = await PostgresCluster.StartAsync();
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(MaintenanceLoad.Options(cluster));
        await using MaintenanceLoad load = await MaintenanceLoad.StartAsync(pooler, cluster);
        await RunAsync(pooler, "PAUSE");
        await cluster.ShutDownServerAsync();
        await cluster.StartServerAsync();
        await RunAsync(pooler, "RECONNECT");
        await load.WaitsAsync();
        await RunAsync(pooler, "RESUME");
        await load.WorksOnAsync(cluster);
        await load.StopAndCheckAsync();
    }

    [Fact]
    public async Task A_restart_between_transactions_costs_nothing_when_reconnect_follows()
    {
        await using PostgresCluster cluster = await PostgresCluster.StartAsync();
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(MaintenanceLoad.Options(cluster));
        List<RawClient> clients = [];
        for (int i = 0; i < 12; i++)
        {
            RawClient client = i % 2 == 0 ? await pooler.ConnectAsync() : await pooler.ConnectUnixAsync();
            clients.Add(client);
            await client.LogInAsync("bouncer", "app");
        }

        string?[] before = await AskAsync(clients);
        await cluster.ShutDownServerAsync();
        await cluster.StartServerAsync();
        await RunAsync(pooler, "RECONNECT");
        string?[] after = await AskAsync(clients);
        Assert.Single(before.Distinct());
        Assert.NotEqual(before[0], Assert.Single(after.Distinct()));
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Reconnect_alone_replaces_every_server_at_the_end_of_its_transaction()
    {
        await using PostgresCluster cluster = await PostgresCluster.StartAsync();
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(MaintenanceLoad.Options(cluster));
        await using MaintenanceLoad load = await MaintenanceLoad.StartAsync(pooler, cluster);
        for (int i = 0; i < 3; i++)
        {
            object? moment = await cluster.ScalarAsync("SELECT clock_timestamp()");
            await RunAsync(pooler, "RECONNECT");
            await RunAsync(pooler, "WAIT_CLOSE");

            // A server takes a moment to notice that its client is gone.
            await Wait.UntilAsync(
                async () => await cluster.ScalarAsync($"SELECT count(*) FROM pg_stat_activity WHERE usename = 'bouncer' AND backend_start < '{moment:O}'") is 0L,
                "no server of before is left");
            await load.WorksOnAsync(cluster);
        }

        await load.StopAndCheckAsync();
    }

    [Fact]
    public async Task New_clients_are_told_what_the_new_server_says_of_itself()
    {
        const string Parameter = "default_transaction_read_only";
        await using PostgresCluster cluster = await PostgresCluster.StartAsync();
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(MaintenanceLoad.Options(cluster));
        using RawClient first = await pooler.LogInAsync();
        Assert.Equal("off", first.Parameters[Parameter]);
        await RunAsync(pooler, "PAUSE");
        await cluster.ScalarAsync($"ALTER SYSTEM SET {Parameter} = on");
        await cluster.ShutDownServerAsync();
        await cluster.StartServerAsync();
        await RunAsync(pooler, "RECONNECT");
        using RawClient second = await pooler.ConnectAsync();
        Task login = second.LogInAsync("bouncer", "app");
        await first.SendAsync(FrontendMessages.Query("SHOW " + Parameter));
        await RunAsync(pooler, "RESUME");
        await login;
        Assert.Equal("on", second.Parameters[Parameter]);
        Assert.Equal("on", (await first.ReadResultAsync()).Scalar);
    }

    private static async Task<string?[]> AskAsync(List<RawClient> clients)
    {
        QueryResult[] results = await Task.WhenAll(clients.Select(client => client.QueryAsync(StartTime)));
        Assert.All(results, result => Assert.Empty(result.Errors));
        return [.. results.Select(result => result.Scalar)];
    }

    private static async Task RunAsync(PoolerProcess pooler, string command)
    {
        QueryResult result = await pooler.AdminAsync(command);
        Assert.Empty(result.Errors);
        Assert.Equal(command, Assert.Single(result.Tags));
    }
}
