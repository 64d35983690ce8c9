using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Maintenance;

/// <summary>What a pause is like for a client: logins, limits on waiting, cancel requests.</summary>
public sealed class WaitTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Logins_come_through_while_the_server_is_down()
    {
        await using PostgresCluster cluster = await PostgresCluster.StartAsync();
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(cluster, ("pool_mode", "transaction"));
        using RawClient before = await pooler.LogInAsync();
        await pooler.AdminAsync("PAUSE");
        await cluster.ShutDownServerAsync();
        using RawClient known = await pooler.LogInAsync();
        Assert.Equal(before.Parameters["server_version"], known.Parameters["server_version"]);
        await known.SendAsync(FrontendMessages.Query("SELECT 'known'"));

        // Nobody has been in this database yet, so the pooler cannot say what the server would say of itself.
        using RawClient unknown = await pooler.ConnectAsync();
        Task login = unknown.LogInAsync("bouncer", "postgres");
        await Wait.UntilAsync(async () => await pooler.PoolCountAsync("cl_waiting", database: "postgres") == 1, "the login waits");
        Assert.False(login.IsCompleted);
        await cluster.StartServerAsync();
        Assert.False(login.IsCompleted);
        await pooler.AdminAsync("RESUME");
        Assert.Equal("known", (await known.ReadResultAsync()).Scalar);
        await login;
        Assert.Equal(before.Parameters["server_version"], unknown.Parameters["server_version"]);
        Assert.Equal("postgres", (await unknown.QueryAsync("SELECT current_database()")).Scalar);
    }

    [Theory]
    [InlineData("query_wait_timeout")]
    [InlineData("query_timeout")]
    public async Task Limits_on_waiting_hold_during_a_pause(string limit)
    {
        await using PoolerProcess pooler = await StartAsync((limit, "1"));
        using RawClient idle = await pooler.LogInAsync();
        using RawClient waiting = await pooler.LogInAsync();
        await pooler.AdminAsync("PAUSE");
        await waiting.SendAsync(FrontendMessages.Query("SELECT 'waits'"));
        QueryResult end = await waiting.ReadResultAsync();
        Assert.Equal(new ErrorFields("FATAL", "08P01", limit, null), Assert.Single(end.Errors));
        await pooler.AdminAsync("RESUME");
        Assert.Equal("1", (await idle.QueryAsync("SELECT 1")).Scalar);
    }

    [Fact]
    public async Task A_limit_on_waiting_can_be_lifted_for_the_time_of_a_pause()
    {
        await using PoolerProcess pooler = await StartAsync(("query_wait_timeout", "1"));
        using RawClient waiting = await pooler.LogInAsync();
        Assert.Equal("SET query_wait_timeout=0", Assert.Single((await pooler.AdminAsync("SET query_wait_timeout = 0")).Tags));
        await pooler.AdminAsync("PAUSE");
        await waiting.SendAsync(FrontendMessages.Query("SELECT 'waits'"));
        await Wait.UntilAsync(async () => int.Parse((await WaitingSecondsAsync(pooler))!) >= 2, "it has waited for longer");
        Assert.Equal(0, waiting.Socket.Available);
        await pooler.AdminAsync("RESUME");
        Assert.Equal("waits", (await waiting.ReadResultAsync()).Scalar);
    }

    [SkippableFact]
    public async Task A_login_that_cannot_be_welcomed_is_ended_by_client_login_timeout()
    {
        await Requires.VersionAsync(1, 25);
        await using PoolerProcess pooler = await StartAsync(("client_login_timeout", "1"));
        await pooler.AdminAsync("PAUSE");
        ErrorFields error = (await Assert.ThrowsAsync<ServerErrorException>(() => pooler.LogInAsync())).Fields;
        Assert.Equal(new ErrorFields("FATAL", "08P01", "client_login_timeout (server down)", null), error);
        await pooler.AdminAsync("RESUME");
        using RawClient next = await pooler.LogInAsync();
        Assert.Equal("1", (await next.QueryAsync("SELECT 1")).Scalar);
    }

    [Theory]
    [InlineData("PAUSE")]
    [InlineData("PAUSE app")]
    public async Task A_cancel_request_ends_the_query_that_a_pause_waits_for(string pause)
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync();
        string sql = $"SELECT pg_sleep(60), '{pause} waits for this'";
        await client.SendAsync(FrontendMessages.Query(sql));
        await ServerActivity.RunningAsync(postgres.Cluster, sql);
        using RawClient console = await pooler.ConsoleAsync();
        await console.SendAsync(FrontendMessages.Query(pause));
        await pooler.WaitForLogAsync($"{pause.Replace("app", "'app'", StringComparison.Ordinal)} command issued");
        await pooler.AdminAsync("SHOW POOLS");
        using RawClient canceller = await pooler.ConnectAsync();
        await canceller.SendAsync(FrontendMessages.CancelRequest(client.CancelKey));
        Assert.Equal("57014", Assert.Single((await client.ReadResultAsync()).Errors).SqlState);
        Assert.Equal("PAUSE", Assert.Single((await console.ReadResultAsync()).Tags));
        await client.SendAsync(FrontendMessages.Query("SELECT 'goes on'"));
        await pooler.AdminAsync(pause.Replace("PAUSE", "RESUME", StringComparison.Ordinal));
        Assert.Equal("goes on", (await client.ReadResultAsync()).Scalar);
    }

    [Fact]
    public async Task An_empty_pool_opens_no_server_during_a_pause_to_have_its_minimum()
    {
        PoolerOptions options = PoolerOptions.For(postgres.Cluster, ("min_pool_size", "3"), ("pool_mode", "transaction"));
        options.Databases["warm"] = options.ConnectionString(postgres.Cluster, "app", "user=trusty");
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);
        await WarmAsync(pooler, 3);
        await pooler.AdminAsync("PAUSE");

        // Servers come at three per second.
        int logins = Logins(pooler);
        using RawClient waiting = await pooler.LogInAsync("bouncer", "warm");
        await waiting.SendAsync(FrontendMessages.Query("SELECT 1"));
        await Wait.UntilAsync(async () => int.Parse((await WaitingSecondsAsync(pooler, "warm"))!) >= 2, "it has waited for two seconds");
        Assert.Equal(logins, Logins(pooler));
        await pooler.AdminAsync("RESUME");
        Assert.Equal("1", (await waiting.ReadResultAsync()).Scalar);
        await WarmAsync(pooler, 3);
    }

    private static Task WarmAsync(PoolerProcess pooler, int servers) => Wait.UntilAsync(
        async () => await pooler.PoolCountAsync("sv_idle", "trusty", "warm") + await pooler.PoolCountAsync("sv_used", "trusty", "warm") == servers,
        "the minimum is there");

    private static int Logins(PoolerProcess pooler) =>
        pooler.Log().Count(line => line.Contains("new connection to server", StringComparison.Ordinal));

    private static async Task<string?> WaitingSecondsAsync(PoolerProcess pooler, string database = "app")
    {
        QueryResult pools = await pooler.AdminAsync("SHOW POOLS");
        return pools.Rows.Single(row => row[0] == database)[pools.Columns.IndexOf("maxwait")];
    }

    private Task<PoolerProcess> StartAsync(params (string Key, string? Value)[] settings) =>
        PoolerProcess.StartAsync(postgres.Cluster, [("pool_mode", "transaction"), .. settings]);
}
