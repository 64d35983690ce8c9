using System.Diagnostics;
using Npgsql;
using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Cancel;

/// <summary>Cancel requests reach the query they are meant for and no other.</summary>
public sealed class CancelTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("session")]
    [InlineData("transaction")]
    public async Task Npgsql_cancels_its_running_query(string mode)
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", mode));
        await using NpgsqlConnection connection = await pooler.OpenAsync(more: "No Reset On Close=true;Max Auto Prepare=0;");
        string sql = $"SELECT pg_sleep(60), '{mode} npgsql'";
        await using NpgsqlCommand command = new(sql, connection);
        Task<object?> running = command.ExecuteScalarAsync();
        await ServerActivity.RunningAsync(postgres.Cluster, sql);
        command.Cancel();
        OperationCanceledException error = await Assert.ThrowsAsync<OperationCanceledException>(() => running);
        Assert.Equal("57014", Assert.IsType<PostgresException>(error.InnerException).SqlState);
        await using NpgsqlCommand next = new("SELECT 1", connection);
        Assert.Equal(1, await next.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Only_the_client_whose_key_it_is_is_cancelled()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "transaction"));
        using RawClient meant = await pooler.LogInAsync();
        using RawClient other = await pooler.LogInAsync();
        await meant.SendAsync(FrontendMessages.Query("SELECT pg_sleep(60), 'meant'"));
        await other.SendAsync(FrontendMessages.Query("SELECT pg_sleep(0.5), 'undisturbed'"));
        await ServerActivity.RunningAsync(postgres.Cluster, "SELECT pg_sleep(60), 'meant'");
        await CancelAsync(pooler, meant.CancelKey);
        Assert.Equal("57014", Assert.Single((await meant.ReadResultAsync()).Errors).SqlState);
        Assert.Equal("undisturbed", (await other.ReadResultAsync()).Rows[0][1]);
        Assert.Equal("1", (await meant.QueryAsync("SELECT 1")).Scalar);
    }

    [Fact]
    public async Task A_wrong_key_is_ignored_without_an_answer()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "transaction"));
        using RawClient client = await pooler.LogInAsync();
        await client.SendAsync(FrontendMessages.Query("SELECT pg_sleep(0.3), 'undisturbed'"));
        await CancelAsync(pooler, [1, 2, 3, 4, 5, 6, 7, 8]);
        await pooler.WaitForLogAsync("failed cancel request");
        Assert.Equal("undisturbed", (await client.ReadResultAsync()).Rows[0][1]);
    }

    [Fact]
    public async Task A_cancel_request_for_an_idle_client_disturbs_nobody()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(
            postgres.Cluster, ("pool_mode", "transaction"), ("default_pool_size", "1"));
        using RawClient idle = await pooler.LogInAsync();
        using RawClient busy = await pooler.LogInAsync();
        await idle.QueryAsync("SELECT 1");
        await busy.SendAsync(FrontendMessages.Query("SELECT pg_sleep(0.3), 'undisturbed'"));
        await CancelAsync(pooler, idle.CancelKey);
        Assert.Equal("undisturbed", (await busy.ReadResultAsync()).Rows[0][1]);
        await pooler.WaitForLogAsync("cancel request for idle client");
        Assert.Equal("2", (await idle.QueryAsync("SELECT 2")).Scalar);
    }

    [Fact]
    public async Task Many_cancel_requests_never_hit_the_next_client_of_the_server()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(
            postgres.Cluster, ("pool_mode", "transaction"), ("default_pool_size", "1"));
        using RawClient target = await pooler.LogInAsync();
        using RawClient bystander = await pooler.LogInAsync();
        for (int i = 0; i < 20; i++)
        {
            // The query ends while its cancel request is on the way; the bystander gets the same server next.
            await target.SendAsync(FrontendMessages.Query("SELECT pg_sleep(0.01)"));
            await bystander.SendAsync(FrontendMessages.Query($"SELECT pg_sleep(0.02), 'mine {i}'"));
            Task cancel = CancelAsync(pooler, target.CancelKey);
            await target.ReadResultAsync();
            QueryResult result = await bystander.ReadResultAsync();
            Assert.Empty(result.Errors);
            Assert.Equal($"mine {i}", result.Rows[0][1]);
            await cancel;
        }
    }

    [Fact]
    public async Task A_full_pool_still_cancels()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(
            postgres.Cluster, ("pool_mode", "session"), ("default_pool_size", "1"));
        using RawClient client = await pooler.LogInAsync();
        await client.SendAsync(FrontendMessages.Query("SELECT pg_sleep(60), 'full pool'"));
        await ServerActivity.RunningAsync(postgres.Cluster, "SELECT pg_sleep(60), 'full pool'");
        await CancelAsync(pooler, client.CancelKey);
        Assert.Equal("57014", Assert.Single((await client.ReadResultAsync()).Errors).SqlState);
    }

    [Fact]
    public async Task Ctrl_C_in_psql_ends_the_query()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "transaction"));
        long start = Stopwatch.GetTimestamp();
        await using GuardedProcess psql = GuardedProcess.Start(
        [
            PostgresBinaries.Client("psql"), "-X", "-At", "-h", pooler.Host, "-p", $"{pooler.Port}", "-U", "bouncer", "-d", "app",
            "-c", "SELECT pg_sleep(60), 'from psql'",
        ]);
        await ServerActivity.RunningAsync(postgres.Cluster, "SELECT pg_sleep(60), 'from psql'");
        await psql.SignalAsync("INT");
        Assert.Equal(1, await psql.WaitForExitAsync());
        Assert.Contains(psql.Lines(), line => line.Contains("canceling statement due to user request", StringComparison.Ordinal));
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 30);
    }

    [SkippableTheory]
    [InlineData("3.0")]
    [InlineData("3.2")]
    public async Task Libpq_cancels_without_a_signal(string protocolVersion)
    {
        await Requires.PoolerAsync();
        await Requires.PostgresAsync(18);
        Skip.IfNot(await postgres.Cluster.ScalarAsync("SELECT count(*) FROM pg_available_extensions WHERE name = 'dblink'") is 1L, "PostgreSQL's dblink is not installed");
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "transaction"), ("server_protocol_version", protocolVersion));

        // The server is the client here: its dblink cancels by PQcancelStart and its kin, with the key of the version that it has negotiated.
        using RawClient client = await RawClient.ConnectAsync(postgres.Cluster.Host, postgres.Cluster.Port);
        await client.LogInAsync("postgres", "app");
        if (await postgres.Cluster.ScalarAsync("SELECT count(*) FROM pg_extension WHERE extname = 'dblink'") is 0L)
        {
            await client.QueryAsync("CREATE EXTENSION dblink");
        }

        string connection = $"host={pooler.Host} port={pooler.Port} user=bouncer dbname=app min_protocol_version={protocolVersion} max_protocol_version={protocolVersion}";
        string sql = $"SELECT pg_sleep(60)::text, 'by dblink {protocolVersion}'";
        Assert.Equal("OK", (await client.QueryAsync($"SELECT dblink_connect('c', '{connection}')")).Scalar);
        Assert.Equal("1", (await client.QueryAsync($"SELECT dblink_send_query('c', $${sql}$$)")).Scalar);
        await ServerActivity.RunningAsync(postgres.Cluster, sql);
        Assert.Equal("OK", (await client.QueryAsync("SELECT dblink_cancel_query('c')")).Scalar);
        Assert.Equal("57014", Assert.Single((await client.QueryAsync("SELECT * FROM dblink_get_result('c') AS t (a text, b text)")).Errors).SqlState);
        Assert.Empty((await client.QueryAsync("SELECT * FROM dblink_get_result('c') AS t (a text, b text)")).Rows);
        Assert.Equal("usable", (await client.QueryAsync("SELECT * FROM dblink('c', $$SELECT 'usable'$$) AS t (a text)")).Scalar);
    }

    /// <summary>Sends a cancel request and waits until the pooler closes its connection, which it does without an answer.</summary>
    private static async Task CancelAsync(PoolerProcess pooler, byte[] key)
    {
        using RawClient canceller = await pooler.ConnectAsync();
        await canceller.SendAsync(FrontendMessages.CancelRequest(key));
        Assert.True(await canceller.IsClosedAsync());
    }
}
