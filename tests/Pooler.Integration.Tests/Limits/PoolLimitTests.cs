using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Limits;

/// <summary>Limits of pools, databases, users and clients, and what happens to those who wait.</summary>
public sealed class PoolLimitTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_pool_never_has_more_servers_than_its_size()
    {
        await using PoolerProcess pooler = await StartAsync(("default_pool_size", "3"));
        int most = 0;
        Task load = Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using RawClient client = await pooler.LogInAsync();
            for (int i = 0; i < 5; i++)
            {
                await client.QueryAsync("SELECT pg_sleep(0.01)");
            }
        }));
        while (!load.IsCompleted)
        {
            QueryResult servers = await pooler.AdminAsync("SHOW SERVERS");
            most = Math.Max(most, servers.Rows.Count);
        }

        await load;
        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task Waiting_clients_are_served_in_their_order()
    {
        await using PoolerProcess pooler = await StartAsync(("default_pool_size", "1"));
        using RawClient holder = await pooler.LogInAsync();
        await holder.QueryAsync("BEGIN");
        List<RawClient> waiting = [];
        for (int i = 0; i < 5; i++)
        {
            RawClient client = await pooler.LogInAsync();
            waiting.Add(client);
            await client.SendAsync(FrontendMessages.Query("SELECT pg_sleep(0.02), clock_timestamp()"));
            await Wait.UntilAsync(async () => await pooler.PoolCountAsync("cl_waiting") == waiting.Count, "the client is in the queue");
        }

        await holder.QueryAsync("COMMIT");
        List<DateTime> times = [];
        foreach (RawClient client in waiting)
        {
            times.Add(DateTime.Parse((await client.ReadResultAsync()).Rows[0][1]!, System.Globalization.CultureInfo.InvariantCulture));
            client.Dispose();
        }

        Assert.Equal(times.Order(), times);
    }

    [Fact]
    public async Task A_client_that_waits_too_long_is_closed_with_query_wait_timeout()
    {
        await using PoolerProcess pooler = await StartAsync(("default_pool_size", "1"), ("query_wait_timeout", "0.5"));
        using RawClient holder = await pooler.LogInAsync();
        await holder.QueryAsync("BEGIN");
        using RawClient waiting = await pooler.LogInAsync();
        QueryResult result = await waiting.QueryAsync("SELECT 1");
        Assert.Equal(new ErrorFields("FATAL", "08P01", "query_wait_timeout", null), Assert.Single(result.Errors));
        Assert.Null(result.Status);
        await pooler.WaitForLogAsync("closing because: query_wait_timeout");
        Assert.Equal('I', (await holder.QueryAsync("COMMIT")).Status);
    }

    [Fact]
    public async Task The_reserve_opens_when_the_oldest_waiter_has_waited_long_enough()
    {
        await using PoolerProcess pooler = await StartAsync(("default_pool_size", "1"), ("reserve_pool_size", "1"), ("reserve_pool_timeout", "0.5"));
        using RawClient holder = await pooler.LogInAsync();
        await holder.QueryAsync("BEGIN");
        using RawClient waiting = await pooler.LogInAsync();
        Assert.Equal("from the reserve", (await waiting.QueryAsync("SELECT 'from the reserve'")).Scalar);
        await pooler.WaitForLogAsync("WARNING .*taking connection from reserve_pool");
        await waiting.QueryAsync("BEGIN");
        using RawClient third = await pooler.LogInAsync();
        await third.SendAsync(FrontendMessages.Query("SELECT 'third'"));
        await Wait.UntilAsync(async () => await pooler.PoolCountAsync("maxwait") >= 1, "the third client waits longer than the reserve needs");
        Assert.Equal(1, await pooler.PoolCountAsync("cl_waiting"));
        Assert.Equal(2, await pooler.PoolCountAsync("sv_active"));
        await holder.QueryAsync("COMMIT");
        Assert.Equal("third", (await third.ReadResultAsync()).Scalar);
    }

    [Fact]
    public async Task Sizes_of_the_database_line_override_the_default()
    {
        PoolerOptions options = PoolerOptions.For(postgres.Cluster, ("pool_mode", "transaction"), ("default_pool_size", "1"));
        options.Databases["two"] = options.ConnectionString(postgres.Cluster, "app", "pool_size=2");
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);
        using RawClient first = await pooler.LogInAsync(database: "two");
        using RawClient second = await pooler.LogInAsync(database: "two");
        using RawClient third = await pooler.LogInAsync(database: "two");
        await first.QueryAsync("BEGIN");
        await second.QueryAsync("BEGIN");
        await third.SendAsync(FrontendMessages.Query("SELECT 1"));
        await Wait.UntilAsync(async () => await pooler.PoolCountAsync("cl_waiting", database: "two") == 1, "the third client waits");
        Assert.Equal(2, await pooler.PoolCountAsync("sv_active", database: "two"));
    }

    [Fact]
    public async Task Min_pool_size_opens_servers_ahead_of_time()
    {
        await using PoolerProcess pooler = await StartAsync(("default_pool_size", "5"), ("min_pool_size", "3"));
        using RawClient client = await pooler.LogInAsync();
        await client.QueryAsync("SELECT 1");
        await Wait.UntilAsync(
            async () => await pooler.PoolCountAsync("sv_idle") + await pooler.PoolCountAsync("sv_used") >= 3, "three servers are there");
    }

    [Fact]
    public async Task Max_client_conn_refuses_the_next_client_but_not_the_console()
    {
        await using PoolerProcess pooler = await StartAsync(("max_client_conn", "2"));
        using RawClient first = await pooler.LogInAsync();
        using RawClient second = await pooler.LogInAsync();
        using (RawClient third = await pooler.ConnectAsync())
        {
            ErrorFields error = (await Assert.ThrowsAsync<ServerErrorException>(() => third.LogInAsync("bouncer", "app"))).Fields;
            Assert.Equal(new ErrorFields("FATAL", "08P01", "no more connections allowed (max_client_conn)", null), error);
        }

        Assert.StartsWith("PgBouncer ", (await pooler.AdminAsync("SHOW VERSION")).Scalar, StringComparison.Ordinal);
        first.Dispose();
        await Wait.UntilAsync(() => CanQueryAsync(pooler), "a place is free");
    }

    private static async Task<bool> CanQueryAsync(PoolerProcess pooler)
    {
        try
        {
            using RawClient client = await pooler.LogInAsync();
            return (await client.QueryAsync("SELECT 1")).Scalar == "1";
        }
        catch (ServerErrorException)
        {
            return false;
        }
    }

    private Task<PoolerProcess> StartAsync(params (string Key, string? Value)[] settings) =>
        PoolerProcess.StartAsync(postgres.Cluster, [("pool_mode", "transaction"), .. settings]);
}
