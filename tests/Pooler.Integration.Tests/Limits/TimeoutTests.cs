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

    [Fact]
    public async Task A_client_that_says_nothing_is_closed_too()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("client_login_timeout", "0.5"));
        using RawClient client = await pooler.ConnectAsync();
        Assert.Equal("client_login_timeout", (await client.ReadErrorAsync()).Message);
    }

    [Fact]
    public async Task A_copy_that_a_client_does_not_end_is_a_query_that_runs_too_long()
    {
        await using PoolerProcess pooler = await StartAsync("query_timeout");
        using RawClient client = await pooler.LogInAsync();
        await client.SendAsync(FrontendMessages.Query("CREATE TEMP TABLE t (a int); COPY t FROM STDIN"));
        ClosedWith("query timeout", await client.ReadResultAsync());
    }

    [SkippableTheory]
    [InlineData("SELECT pg_sleep(60)")]
    [InlineData("BEGIN")]
    public async Task A_transaction_that_takes_too_long_is_ended_in_a_block_or_without(string first)
    {
        await Requires.VersionAsync(1, 25);
        await using PoolerProcess pooler = await StartAsync("transaction_timeout");
        using RawClient client = await pooler.LogInAsync();
        QueryResult result = await client.QueryAsync(first);
        ClosedWith("transaction timeout", result.Status is null ? result : await client.ReadResultAsync());
    }

    [Theory]
    [InlineData("query_wait_timeout")]
    [InlineData("query_timeout")]
    [InlineData("client_login_timeout", "client_login_timeout (server down)")]
    public async Task A_login_waits_for_the_first_server_like_anybody_in_the_queue(string timeout, string? text = null)
    {
        PoolerOptions options = PoolerOptions.For(postgres.Cluster, (timeout, "0.5"));
        options.Databases["app"] = "host=127.0.0.1 port=1";
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);
        ServerErrorException refused = await Assert.ThrowsAsync<ServerErrorException>(() => pooler.LogInAsync());
        Assert.Equal(new ErrorFields("FATAL", "08P01", text ?? timeout, null), refused.Fields);
    }

    [Fact]
    public async Task A_replaced_server_of_a_session_goes_with_its_client_between_two_transactions()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "session"), ("server_fast_close", "1"));
        using RawClient idle = await pooler.LogInAsync();
        using RawClient busy = await pooler.LogInAsync();
        await idle.QueryAsync("SELECT 1");
        Assert.Equal('T', (await busy.QueryAsync("BEGIN")).Status);
        await pooler.AdminAsync("RECONNECT app");
        ClosedWith("database configuration changed", await idle.ReadResultAsync());
        Assert.Equal('I', (await busy.QueryAsync("COMMIT")).Status);
        ClosedWith("database configuration changed", await busy.ReadResultAsync());
    }

    private static void ClosedWith(string text, QueryResult result)
    {
        Assert.Equal(new ErrorFields("FATAL", "08P01", text, null), Assert.Single(result.Errors));
        Assert.Null(result.Status);
    }

    private Task<PoolerProcess> StartAsync(string timeout) =>
        PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "transaction"), (timeout, "0.5"));
}
