using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Admin;

/// <summary>PAUSE and RESUME, by the console and by signals.</summary>
public sealed class PauseTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Pause_waits_for_transactions_and_holds_queries_until_resume()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync();
        using RawClient other = await pooler.LogInAsync();
        await client.QueryAsync("BEGIN");
        using RawClient console = await pooler.ConsoleAsync();
        await console.SendAsync(FrontendMessages.Query("PAUSE"));
        await pooler.WaitForLogAsync("PAUSE command issued");

        // What the pools are asked behind the pause they answer behind it.
        await pooler.AdminAsync("SHOW POOLS");
        await other.SendAsync(FrontendMessages.Query("SELECT 'held'"));
        await Wait.UntilAsync(async () => await pooler.PoolCountAsync("cl_waiting") == 1, "the query is held");
        Assert.Equal("1", (await client.QueryAsync("SELECT 1")).Scalar);
        Assert.Equal(0, console.Socket.Available);

        await client.QueryAsync("COMMIT");
        QueryResult paused = await console.ReadResultAsync();
        Assert.Equal("CZ", paused.Types);
        Assert.Equal("PAUSE", paused.Tags[0]);
        Assert.Empty((await pooler.AdminAsync("SHOW SERVERS")).Rows);
        Assert.Equal("already suspended/paused", Assert.Single((await pooler.AdminAsync("PAUSE")).Errors).Message);

        Assert.Equal("RESUME", Assert.Single((await pooler.AdminAsync("RESUME")).Tags));
        Assert.Equal("held", (await other.ReadResultAsync()).Scalar);
        Assert.Equal("pooler is not paused/suspended", Assert.Single((await pooler.AdminAsync("RESUME")).Errors).Message);
    }

    [Fact]
    public async Task Pause_of_one_database_leaves_the_others_alone()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync();
        using RawClient other = await pooler.LogInAsync(database: "postgres");
        await client.QueryAsync("SELECT 1");
        Assert.Equal("PAUSE", Assert.Single((await pooler.AdminAsync("PAUSE app")).Tags));
        await client.SendAsync(FrontendMessages.Query("SELECT 'held'"));
        Assert.Equal("free", (await other.QueryAsync("SELECT 'free'")).Scalar);
        await Wait.UntilAsync(async () => await pooler.PoolCountAsync("cl_waiting") == 1, "the query is held");
        Assert.Equal("RESUME", Assert.Single((await pooler.AdminAsync("RESUME app")).Tags));
        Assert.Equal("held", (await client.ReadResultAsync()).Scalar);
        Assert.Equal("database app is not paused", Assert.Single((await pooler.AdminAsync("RESUME app")).Errors).Message);
        Assert.Equal("no such database: nowhere", Assert.Single((await pooler.AdminAsync("PAUSE nowhere")).Errors).Message);
        Assert.Equal("cannot pause admin db: pgbouncer", Assert.Single((await pooler.AdminAsync("PAUSE pgbouncer")).Errors).Message);
    }

    [Fact]
    public async Task Signals_pause_and_resume()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync();
        await client.QueryAsync("SELECT 1");
        await pooler.SignalAsync("USR1");
        await pooler.WaitForLogAsync("got SIGUSR1, pausing all activity");
        await Wait.UntilAsync(async () => (await pooler.AdminAsync("SHOW SERVERS")).Rows.Count == 0, "the servers are closed");
        await client.SendAsync(FrontendMessages.Query("SELECT 'held'"));
        await Wait.UntilAsync(async () => await pooler.PoolCountAsync("cl_waiting") == 1, "the query is held");
        await pooler.SignalAsync("USR2");
        await pooler.WaitForLogAsync("got SIGUSR2, continuing from PAUSE");
        Assert.Equal("held", (await client.ReadResultAsync()).Scalar);
    }

    [Fact]
    public async Task The_database_can_be_restarted_while_clients_wait_in_pause()
    {
        await using Testing.Postgres.PostgresCluster cluster = await Testing.Postgres.PostgresCluster.StartAsync();
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(cluster, ("pool_mode", "transaction"));
        List<RawClient> clients = [];
        for (int i = 0; i < 5; i++)
        {
            RawClient client = await pooler.LogInAsync();
            clients.Add(client);
            await client.QueryAsync("SELECT 1");
        }

        Assert.Equal("PAUSE", Assert.Single((await pooler.AdminAsync("PAUSE")).Tags));
        foreach (RawClient client in clients)
        {
            await client.SendAsync(FrontendMessages.Query("SELECT 'after the restart'"));
        }

        await cluster.StopServerAsync();
        await cluster.StartServerAsync();
        Assert.Equal("RESUME", Assert.Single((await pooler.AdminAsync("RESUME")).Tags));
        foreach (RawClient client in clients)
        {
            Assert.Equal("after the restart", (await client.ReadResultAsync()).Scalar);
            client.Dispose();
        }
    }

    private Task<PoolerProcess> StartAsync() => PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "transaction"));
}
