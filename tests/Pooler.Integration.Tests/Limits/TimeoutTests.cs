using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Limits;

/// <summary>Timeouts that close a client, with their texts.</summary>
public sealed class TimeoutTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_query_that_runs_too_long_is_ended()
    {
        await using PoolerProcess pooler = await StartAsync("query_timeout");
        using RawClient client = await pooler.LogInAsync();
        ClosedWith("query timeout", await client.QueryAsync("SELECT pg_sleep(60)"));
        await pooler.WaitForLogAsync("closing because: query timeout");
    }

    [Fact]
    public async Task A_transaction_that_idles_too_long_is_ended()
    {
        await using PoolerProcess pooler = await StartAsync("idle_transaction_timeout");
        using RawClient client = await pooler.LogInAsync();
        Assert.Equal('T', (await client.QueryAsync("BEGIN")).Status);
        ClosedWith("idle transaction timeout", await client.ReadResultAsync());
    }

    [Fact]
    public async Task A_client_that_idles_too_long_is_closed()
    {
        await using PoolerProcess pooler = await StartAsync("client_idle_timeout");
        using RawClient client = await pooler.LogInAsync();
        await client.QueryAsync("SELECT 1");
        ClosedWith("client_idle_timeout", await client.ReadResultAsync());
    }

    [Fact]
    public async Task A_client_that_does_not_finish_its_login_is_closed()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(
            postgres.Cluster, ("client_login_timeout", "0.5"), ("auth_type", "md5"));
        using RawClient client = await pooler.ConnectAsync();
        await client.SendAsync(FrontendMessages.Startup(("user", "bouncer"), ("database", "app")));
        Assert.Equal('R', (await client.ReadAsync())!.Type);
        Assert.Equal("client_login_timeout", (await client.ReadErrorAsync()).Message);
    }

    private static void ClosedWith(string text, QueryResult result)
    {
        Assert.Equal(new ErrorFields("FATAL", "08P01", text, null), Assert.Single(result.Errors));
        Assert.Null(result.Status);
    }

    private Task<PoolerProcess> StartAsync(string timeout) =>
        PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "transaction"), (timeout, "0.5"));
}
