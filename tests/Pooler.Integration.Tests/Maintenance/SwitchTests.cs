using Pooler.Testing;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Maintenance;

/// <summary>The clients move to another server by a changed host and port, and meet no error.</summary>
public sealed class SwitchTests
{
    [Fact]
    public async Task Pause_reload_resume_moves_everybody_to_the_new_server()
    {
        await using PostgresCluster old = await PostgresCluster.StartAsync();
        await using PostgresCluster fresh = await PostgresCluster.StartAsync();
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(MaintenanceLoad.Options(old));
        await using MaintenanceLoad load = await MaintenanceLoad.StartAsync(pooler, old, fresh);

        Assert.Equal("PAUSE", Assert.Single((await pooler.AdminAsync("PAUSE")).Tags));
        MaintenanceLoad.LeadTo(pooler.Options, fresh);
        pooler.RewriteFiles();
        Assert.Equal("RELOAD", Assert.Single((await pooler.AdminAsync("RELOAD")).Tags));
        await old.ShutDownServerAsync();
        await load.WaitsAsync();
        Assert.Equal("RESUME", Assert.Single((await pooler.AdminAsync("RESUME")).Tags));
        await load.WorksOnAsync(fresh);

        // What was done on it counts as well.
        await old.StartServerAsync();
        await load.StopAndCheckAsync();
    }

    [Fact]
    public async Task Reload_alone_replaces_each_server_at_the_end_of_its_transaction()
    {
        await using PostgresCluster old = await PostgresCluster.StartAsync();
        await using PostgresCluster fresh = await PostgresCluster.StartAsync();
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(MaintenanceLoad.Options(old));
        await using MaintenanceLoad load = await MaintenanceLoad.StartAsync(pooler, old, fresh);
        using RawClient client = await pooler.LogInAsync();
        await client.QueryAsync("BEGIN");
        Assert.Equal($"{old.Port}", (await client.QueryAsync("SHOW port")).Scalar);

        MaintenanceLoad.LeadTo(pooler.Options, fresh);
        pooler.RewriteFiles();
        Assert.Equal("RELOAD", Assert.Single((await pooler.AdminAsync("RELOAD")).Tags));
        using RawClient console = await pooler.ConsoleAsync();
        await console.SendAsync(FrontendMessages.Query("WAIT_CLOSE app"));
        await load.WorksOnAsync(fresh);
        Assert.Equal($"{old.Port}", (await client.QueryAsync("SHOW port")).Scalar);
        Assert.Equal(0, console.Socket.Available);
        Assert.Equal('I', (await client.QueryAsync("COMMIT")).Status);
        Assert.Equal("WAIT_CLOSE", Assert.Single((await console.ReadResultAsync()).Tags));
        Assert.Equal($"{fresh.Port}", (await client.QueryAsync("SHOW port")).Scalar);
        await Wait.UntilAsync(
            async () => await old.ScalarAsync("SELECT count(*) FROM pg_stat_activity WHERE usename = 'bouncer'") is 0L, "nobody is on the old server");
        await load.StopAndCheckAsync();
    }

    [Fact]
    public async Task The_user_on_the_server_changes_like_the_host()
    {
        await using PostgresCluster cluster = await PostgresCluster.StartAsync();
        PoolerOptions options = MaintenanceLoad.Options(cluster);
        options.Databases["app"] = options.ConnectionString(cluster, "app", "user=trusty");
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);
        using RawClient client = await pooler.LogInAsync();
        using RawClient other = await pooler.LogInAsync();
        await client.QueryAsync("BEGIN");
        Assert.Equal("trusty", (await client.QueryAsync("SELECT current_user")).Scalar);
        options.Databases["app"] = options.ConnectionString(cluster, "app", "user=scrammy password=secret");
        pooler.RewriteFiles();
        Assert.Equal("RELOAD", Assert.Single((await pooler.AdminAsync("RELOAD")).Tags));
        Assert.Equal("scrammy", (await other.QueryAsync("SELECT current_user")).Scalar);
        Assert.Equal("trusty", (await client.QueryAsync("SELECT current_user")).Scalar);
        Assert.Equal('I', (await client.QueryAsync("COMMIT")).Status);
        Assert.Equal("scrammy", (await client.QueryAsync("SELECT current_user")).Scalar);
        using RawClient next = await pooler.LogInAsync();
        Assert.Equal("scrammy", (await next.QueryAsync("SELECT current_user")).Scalar);
    }
}
