using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Servers;

/// <summary>Servers that die: idle, inside a transaction, inside a query, and all at once.</summary>
public sealed class ServerLossTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("transaction")]
    [InlineData("statement")]
    public async Task An_idle_server_that_dies_is_replaced_without_the_client_noticing(string mode)
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", mode), ("default_pool_size", "1"));
        using RawClient client = await pooler.LogInAsync();
        string? server = (await client.QueryAsync("SELECT pg_backend_pid()")).Scalar;
        await ServerActivity.TerminateAsync(postgres.Cluster, server);
        await Wait.UntilAsync(async () => await pooler.PoolCountAsync("sv_idle") == 0, "the pooler noticed");
        string? next = (await client.QueryAsync("SELECT pg_backend_pid()")).Scalar;
        Assert.NotNull(next);
        Assert.NotEqual(server, next);
    }

    [Theory]
    [InlineData("session")]
    [InlineData("transaction")]
    public async Task A_client_whose_transaction_dies_is_told_and_closed(string mode)
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", mode));
        using RawClient client = await pooler.LogInAsync();
        using RawClient other = await pooler.LogInAsync();
        await client.QueryAsync("BEGIN");
        string? server = (await client.QueryAsync("SELECT pg_backend_pid()")).Scalar;
        await other.QueryAsync("BEGIN");
        await ServerActivity.TerminateAsync(postgres.Cluster, server);
        QueryResult end = await client.ReadResultAsync();
        Assert.Equal(["57P01", "08P01"], end.Errors.Select(error => error.SqlState));
        Assert.Equal(new ErrorFields("FATAL", "08P01", "server conn crashed?", null), end.Errors[1]);
        Assert.Null(end.Status);
        await pooler.WaitForLogAsync("closing because: server conn crashed\\?");
        Assert.Equal('I', (await other.QueryAsync("COMMIT")).Status);
        using RawClient next = await pooler.LogInAsync();
        Assert.Equal("1", (await next.QueryAsync("SELECT 1")).Scalar);
    }

    [SkippableTheory]
    [InlineData("idle_in_transaction_session_timeout", 15, "25P03", false)]
    [InlineData("transaction_timeout", 17, "25P04", false)]
    [InlineData("transaction_timeout", 17, "25P04", true)]
    public async Task A_client_whose_time_is_up_at_the_server_is_told_and_closed(string setting, int since, string sqlState, bool isBusy)
    {
        await Requires.PostgresAsync(since);
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "transaction"));
        using RawClient client = await pooler.LogInAsync();
        string begin = $"BEGIN; SET LOCAL {setting} = '200ms'";
        if (isBusy)
        {
            await client.SendAsync(FrontendMessages.Query(begin + "; SELECT pg_sleep(60)"));
        }
        else
        {
            Assert.Equal('T', (await client.QueryAsync(begin)).Status);
        }

        QueryResult end = await client.ReadResultAsync();
        Assert.Equal([sqlState, "08P01"], end.Errors.Select(error => error.SqlState));
        Assert.Equal("server conn crashed?", end.Errors[1].Message);
        Assert.Null(end.Status);
        using RawClient next = await pooler.LogInAsync();
        Assert.Equal("1", (await next.QueryAsync("SELECT 1")).Scalar);
    }

    [Fact]
    public async Task A_server_whose_session_timed_out_is_replaced_without_the_client_noticing()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "transaction"), ("default_pool_size", "1"));
        using RawClient client = await pooler.LogInAsync();
        await client.QueryAsync("SET idle_session_timeout = '100ms'");
        await pooler.WaitForLogAsync("closing because: (idle server got dirty|server conn crashed\\?)");
        Assert.Equal("0", (await client.QueryAsync("SHOW idle_session_timeout")).Scalar);
    }

    [Fact]
    public async Task A_client_whose_query_dies_is_told_and_closed()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "transaction"));
        using RawClient client = await pooler.LogInAsync();
        await client.SendAsync(FrontendMessages.Query("SELECT pg_sleep(60), 'dies'"));
        int server = await ServerActivity.RunningAsync(postgres.Cluster, "SELECT pg_sleep(60), 'dies'");
        await ServerActivity.TerminateAsync(postgres.Cluster, $"{server}");
        QueryResult end = await client.ReadResultAsync();
        Assert.Equal("57P01", end.Errors[0].SqlState);
        Assert.Equal("server conn crashed?", end.Errors[^1].Message);
    }

    [Fact]
    public async Task Waiting_clients_go_on_when_the_server_comes_back()
    {
        await using PostgresCluster cluster = await PostgresCluster.StartAsync();
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(
            cluster, ("pool_mode", "transaction"), ("server_login_retry", "0.3"), ("query_wait_timeout", "20"));
        using RawClient client = await pooler.LogInAsync();
        Assert.Equal("1", (await client.QueryAsync("SELECT 1")).Scalar);
        await cluster.StopServerAsync();
        await Wait.UntilAsync(async () => await pooler.PoolCountAsync("sv_idle") == 0, "the pooler noticed");
        using RawClient patient = await pooler.ConnectAsync();
        await client.SendAsync(FrontendMessages.Query("SELECT 'back'"));
        await Wait.UntilAsync(async () => await pooler.PoolCountAsync("cl_waiting") == 1, "the client waits");
        await cluster.StartServerAsync();
        Assert.Equal("back", (await client.ReadResultAsync()).Scalar);
    }

    [Fact]
    public async Task An_idle_server_is_closed_after_server_idle_timeout()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(
            postgres.Cluster, ("pool_mode", "transaction"), ("server_idle_timeout", "0.5"));
        using RawClient client = await pooler.LogInAsync();
        string? server = (await client.QueryAsync("SELECT pg_backend_pid()")).Scalar;
        await pooler.WaitForLogAsync("closing because: server idle timeout");
        await ServerActivity.GoneAsync(postgres.Cluster, server);
        Assert.Equal("1", (await client.QueryAsync("SELECT 1")).Scalar);
    }

    [Fact]
    public async Task A_server_is_replaced_after_server_lifetime()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(
            postgres.Cluster, ("pool_mode", "transaction"), ("server_lifetime", "1"), ("default_pool_size", "1"));
        using RawClient client = await pooler.LogInAsync();
        string? server = (await client.QueryAsync("SELECT pg_backend_pid()")).Scalar;
        await pooler.WaitForLogAsync("closing because: server lifetime over");
        Assert.NotEqual(server, (await client.QueryAsync("SELECT pg_backend_pid()")).Scalar);
    }

    [Fact]
    public async Task The_check_query_runs_before_a_server_that_rested_is_used_again()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(
            postgres.Cluster, ("pool_mode", "transaction"), ("server_check_query", "SELECT 'checked'"), ("server_check_delay", "0"), ("default_pool_size", "1"));
        using RawClient client = await pooler.LogInAsync();
        string? server = (await client.QueryAsync("SELECT pg_backend_pid()")).Scalar;
        Assert.Equal(server, (await client.QueryAsync("SELECT pg_backend_pid()")).Scalar);
        await Wait.UntilAsync(
            async () => await postgres.Cluster.ScalarAsync($"SELECT query FROM pg_stat_activity WHERE pid = {server}") is "SELECT pg_backend_pid()" or "SELECT 'checked'",
            "the server is in use");
        using RawClient next = await pooler.LogInAsync();
        QueryResult result = await next.QueryAsync("SELECT pg_backend_pid()");
        Assert.Equal("TDCZ", result.Types);
        Assert.Equal(server, result.Scalar);
    }
}
