using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;
using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Limits;

/// <summary>max_db_connections and max_user_connections at their edges, while PostgreSQL itself counts.</summary>
public sealed class ConnectionLimitTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    // By it the server tells this test's connections from those of tests that run at the same time.
    private readonly string _name = $"limits-{Guid.NewGuid():N}";

    private int _looks;

    [Fact]
    public async Task Max_db_connections_evicts_an_idle_server_of_another_user()
    {
        await using PoolerProcess pooler = await StartAsync(("max_db_connections", "2"));
        using RawClient first = await pooler.LogInAsync("bouncer");
        string? oldest = await PidAsync(first);
        using RawClient second = await pooler.LogInAsync("trusty");
        string? younger = await PidAsync(second);
        using RawClient third = await pooler.LogInAsync("postgres");
        Assert.NotNull(await PidAsync(third));
        await pooler.WaitForLogAsync("S-.*: app/bouncer@.* closing because: evicted \\(age=");
        await ServerActivity.GoneAsync(postgres.Cluster, oldest);
        Assert.Equal(younger, await PidAsync(second));
        Assert.Equal(1, await pooler.PoolCountAsync("sv_idle", "trusty") + await pooler.PoolCountAsync("sv_used", "trusty"));
    }

    [Fact]
    public async Task Max_user_connections_holds_over_all_databases_of_a_user()
    {
        await using PoolerProcess pooler = await StartAsync(("max_user_connections", "2"));
        using RawClient inApp = await pooler.LogInAsync("trusty");
        using RawClient inPostgres = await pooler.LogInAsync("trusty", "postgres");
        using RawClient inTwo = await pooler.LogInAsync("bouncer", "two");
        await inApp.QueryAsync("BEGIN");
        string? idle = await PidAsync(inPostgres);
        await inTwo.QueryAsync("BEGIN");

        // The third database takes the place of the idle server, not of the one in use, and other users do not count.
        using RawClient third = await pooler.LogInAsync("trusty", "two");
        await third.QueryAsync("BEGIN");
        await pooler.WaitForLogAsync("S-.*: postgres/trusty@.* closing because: evicted \\(age=");
        await ServerActivity.GoneAsync(postgres.Cluster, idle);

        // Now all are in use: the next one waits until one is free.
        await inPostgres.SendAsync(FrontendMessages.Query("SELECT 'served'"));
        await Wait.UntilAsync(async () => await pooler.PoolCountAsync("cl_waiting", "trusty", "postgres") == 1, "the client waits");
        Assert.Equal('I', (await inApp.QueryAsync("COMMIT")).Status);
        Assert.Equal("served", (await inPostgres.ReadResultAsync()).Scalar);
        Assert.Equal('I', (await third.QueryAsync("COMMIT")).Status);
        Assert.Equal('I', (await inTwo.QueryAsync("COMMIT")).Status);
    }

    [Theory]
    [InlineData("max_db_connections", 1)]
    [InlineData("max_db_connections", 3)]
    [InlineData("max_user_connections", 1)]
    [InlineData("max_user_connections", 2)]
    public async Task Under_load_the_server_never_sees_more_connections_than_the_limit_and_everybody_is_served(string limit, int most)
    {
        string[] users = ["bouncer", "trusty", "postgres", "plainy"];
        bool isOfDatabase = limit == "max_db_connections";
        await using PoolerProcess pooler = await StartAsync((limit, most.ToString(CultureInfo.InvariantCulture)), ("default_pool_size", "3"));
        ConcurrentBag<int> answers = [];
        Task load = Task.WhenAll(Enumerable.Range(0, 16).Select(async number =>
        {
            string database = isOfDatabase || number % 3 == 0 ? "app" : number % 3 == 1 ? "two" : "postgres";
            for (int round = 0; round < 3; round++)
            {
                using RawClient client = await pooler.LogInAsync(users[number % users.Length], database);
                for (int i = 0; i < 4; i++)
                {
                    Assert.Equal("1", (await client.QueryAsync("SELECT 1 FROM pg_sleep(0.002)")).Scalar);
                    answers.Add(number);
                }
            }
        }));
        await using NpgsqlConnection watcher = await postgres.Cluster.OpenAsync();
        while (!load.IsCompleted)
        {
            await RequireAtMostAsync(watcher, isOfDatabase ? "datname" : "usename", most);
        }

        await load;
        Assert.Equal(16 * 12, answers.Count);
        Assert.True(_looks > 3, $"the server was asked {_looks} times");
        await pooler.WaitForLogAsync("closing because: evicted");
    }

    [Fact]
    public async Task Min_pool_size_opens_nothing_beyond_the_limit_and_evicts_nobody()
    {
        await using PoolerProcess pooler = await StartAsync(("max_db_connections", "3"), ("min_pool_size", "2"));
        using RawClient first = await pooler.LogInAsync("bouncer");
        await first.QueryAsync("SELECT 1");
        await Wait.UntilAsync(async () => await ServersAsync(pooler) == 2, "the minimum is there");
        using RawClient second = await pooler.LogInAsync("trusty");
        await second.QueryAsync("SELECT 1");
        Assert.Equal(3, await ServersAsync(pooler));
        await pooler.AdminAsync("SET server_idle_timeout = '1000'");
        using RawClient third = await pooler.LogInAsync("postgres");
        await third.QueryAsync("SELECT 1");
        Assert.Equal(3, await ServersAsync(pooler));
        await pooler.WaitForLogAsync("closing because: evicted");
        Assert.Single(pooler.Log(), line => line.Contains("closing because: evicted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_limit_set_on_the_console_counts_at_once_with_the_connections_that_are_there()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient first = await pooler.LogInAsync("bouncer");
        using RawClient second = await pooler.LogInAsync("trusty");
        await first.QueryAsync("BEGIN");
        await second.QueryAsync("BEGIN");
        await pooler.AdminAsync("SET max_db_connections = 2");
        using RawClient third = await pooler.ConnectAsync();
        await third.SendAsync(FrontendMessages.Startup([("user", "postgres"), ("database", "app")]));
        await Wait.UntilAsync(async () => await pooler.PoolCountAsync("cl_waiting", "postgres") == 1, "the client waits");
        Assert.Equal(2, await ServersAsync(pooler));
        await pooler.AdminAsync("SET max_db_connections = 3");
        await third.FinishLoginAsync("postgres", PostgresCluster.Password);
        Assert.Equal(3, await ServersAsync(pooler));
        Assert.Equal('I', (await first.QueryAsync("COMMIT")).Status);
        Assert.Equal('I', (await second.QueryAsync("COMMIT")).Status);
    }

    [Fact]
    public async Task A_cancel_request_gets_through_a_full_database()
    {
        await using PoolerProcess pooler = await StartAsync(("max_db_connections", "1"), ("max_user_connections", "1"));
        using RawClient client = await pooler.LogInAsync("bouncer");
        await client.SendAsync(FrontendMessages.Query("SELECT pg_sleep(60) -- full"));
        await ServerActivity.RunningAsync(postgres.Cluster, "SELECT pg_sleep(60) -- full");
        using RawClient canceller = await pooler.ConnectAsync();
        await canceller.SendAsync(FrontendMessages.CancelRequest(client.CancelKey));
        Assert.Equal("57014", Assert.Single((await client.ReadResultAsync()).Errors).SqlState);
    }

    private static async Task<string?> PidAsync(RawClient client) => (await client.QueryAsync("SELECT pg_backend_pid()")).Scalar;

    private static async Task<int> ServersAsync(PoolerProcess pooler) => (await pooler.AdminAsync("SHOW SERVERS")).Rows.Count;

    /// <summary>A process that has lost its connection may take a moment to end: only those that are there twice count.</summary>
    private async Task RequireAtMostAsync(NpgsqlConnection watcher, string column, int most)
    {
        HashSet<int> before = [];
        for (int look = 0; look < 100; look++)
        {
            _looks++;
            await using NpgsqlCommand command = new(
                $"SELECT {column}::text, array_agg(pid) FROM pg_stat_activity WHERE application_name = '{_name}' GROUP BY 1", watcher);
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
            HashSet<int> now = [];
            bool isOver = false;
            while (await reader.ReadAsync())
            {
                int[] pids = reader.GetFieldValue<int[]>(1);
                now.UnionWith(pids);
                isOver |= pids.Count(pid => look == 0 || before.Contains(pid)) > most;
            }

            if (!isOver)
            {
                return;
            }

            before = look == 0 ? now : [.. before.Intersect(now)];
        }

        Assert.Fail($"more than {most} connections of one {column} stay");
    }

    private Task<PoolerProcess> StartAsync(params (string Key, string? Value)[] settings)
    {
        PoolerOptions options = PoolerOptions.For(postgres.Cluster, [("pool_mode", "transaction"), .. settings]);
        foreach ((string database, string onServer) in new[] { ("app", "app"), ("two", "app"), ("postgres", "postgres") })
        {
            options.Databases[database] = options.ConnectionString(postgres.Cluster, onServer, $"application_name={_name}");
        }

        return PoolerProcess.StartAsync(options);
    }
}
