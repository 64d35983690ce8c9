using Npgsql;
using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.State;

/// <summary>What session state does in transaction mode when nobody looks, and how keeping the server mends it.</summary>
public sealed class PinTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    // What makes the state, what shows it, what it shows where it is and where it is not (null: an error), what ends it, and the reason in SHOW PINNED.
    private static readonly Dictionary<string, (string Make, string Look, string There, string? Elsewhere, string End, string Reason)> Facets = new()
    {
        ["listen"] = ("LISTEN facet_jobs", "SELECT count(*) FROM pg_listening_channels()", "1", "0", "UNLISTEN facet_jobs", "LISTEN facet_jobs"),
        ["set"] = ("SET work_mem = '1234kB'", "SHOW work_mem", "1234kB", "4MB", "RESET work_mem", "SET work_mem"),
        ["config"] = (
            "SELECT set_config('my.state', 'x', false)",
            "SELECT coalesce(nullif(current_setting('my.state', true), ''), '-')", "x", "-",
            "RESET ALL",
            "SET my.state"),
        ["lock"] = (
            "SELECT pg_advisory_lock(4711)",
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()", "1", "0",
            "SELECT pg_advisory_unlock(4711)",
            "advisory lock"),
        ["temp"] = (
            "CREATE TEMP TABLE facet_temp AS SELECT 7 AS id", "SELECT id FROM facet_temp", "7", null, "DROP TABLE facet_temp", "temporary facet_temp"),
        ["into"] = ("SELECT 7 AS id INTO TEMP facet_into", "SELECT id FROM facet_into", "7", null, "DISCARD TEMP", "temporary facet_into"),
        ["cursor"] = (
            "DECLARE facet_cursor CURSOR WITH HOLD FOR SELECT 7",
            "SELECT count(*) FROM pg_cursors WHERE name = 'facet_cursor'", "1", "0",
            "CLOSE facet_cursor",
            "cursor WITH HOLD facet_cursor"),
        ["prepare"] = (
            "PREPARE facet_prepared AS SELECT 7", "EXECUTE facet_prepared", "7", null, "DEALLOCATE facet_prepared", "PREPARE facet_prepared"),
    };

    public static TheoryData<string, string> FacetsAndProtocols()
    {
        TheoryData<string, string> data = [];
        foreach (string facet in Facets.Keys)
        {
            data.Add(facet, "simple");
            data.Add(facet, "extended");
            data.Add(facet, "named");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(FacetsAndProtocols))]
    public async Task Without_it_state_is_lost_and_leaks_and_with_it_neither(string facet, string protocol)
    {
        (string make, string look, string there, string? elsewhere, string end, string reason) = Facets[facet];

        // Nobody looks: another client comes upon the state, and its owner loses it.
        await using (PoolerProcess pooler = await StateScene.StartAsync(postgres.Cluster, "off", ("default_pool_size", "1")))
        {
            using RawClient owner = await pooler.LogInAsync();
            using RawClient other = await pooler.LogInAsync();
            Assert.Empty((await owner.RunAsync(protocol, make)).Errors);
            Assert.Equal(there, (await other.RunAsync(protocol, look)).Scalar);
            await other.QueryAsync("DISCARD ALL");
            Assert.NotEqual(there, ScalarOrNull(await owner.RunAsync(protocol, look)));
        }

        await using (PoolerProcess pooler = await StateScene.StartAsync(postgres.Cluster, "pin"))
        {
            using RawClient owner = await pooler.LogInAsync();
            using RawClient other = await pooler.LogInAsync();
            string? server = await owner.ServerAsync();
            Assert.Empty((await owner.RunAsync(protocol, make)).Errors);
            for (int i = 0; i < 3; i++)
            {
                Assert.NotEqual(server, await other.ServerAsync());
                Assert.Equal(elsewhere, ScalarOrNull(await other.RunAsync(protocol, look)));
                Assert.Equal(there, (await owner.RunAsync(protocol, look)).Scalar);
                Assert.Equal(server, await owner.ServerAsync());
            }

            QueryResult pinned = await pooler.AdminAsync("SHOW PINNED");
            Assert.Equal((1, reason, server), (pinned.Rows.Count, pinned.Value(0, "reasons"), pinned.Value(0, "server_remote_pid")));

            // The end of the state is the end of the loan, and whoever comes next finds a clean server.
            Assert.Empty((await owner.RunAsync(protocol, end)).Errors);
            Assert.Equal("0", await pooler.PinnedAsync());
            await owner.QueryAsync("BEGIN");
            await other.QueryAsync("BEGIN");
            RawClient next = server == await owner.ServerAsync() ? owner : other;
            Assert.Equal(server, await next.ServerAsync());
            Assert.Equal(elsewhere, ScalarOrNull(await next.RunAsync(protocol, look)));
        }
    }

    [Theory]
    [InlineData("DISCARD ALL", false)]
    [InlineData("", false)]
    [InlineData("", true)]
    public async Task A_server_that_was_kept_is_reset_or_closed_before_others_get_it(string resetQuery, bool terminates)
    {
        await using PoolerProcess pooler = await StateScene.StartAsync(postgres.Cluster, "pin", ("default_pool_size", "1"), ("server_reset_query", resetQuery));
        using RawClient owner = await pooler.LogInAsync();
        using RawClient other = await pooler.LogInAsync();
        string? server = await owner.ServerAsync();
        await owner.QueryAsync("SET work_mem = '1234kB'; CREATE TEMP TABLE left_behind (id int)");
        await other.SendAsync(FrontendMessages.Query("SELECT current_setting('work_mem'), to_regclass('left_behind'), pg_backend_pid()"));
        if (terminates)
        {
            await owner.SendAsync(FrontendMessages.Terminate());
        }
        else
        {
            owner.Dispose();
        }

        QueryResult seen = await other.ReadResultAsync();
        Assert.Equal(("4MB", null), (seen.Rows[0][0], seen.Rows[0][1]));
        Assert.Equal(resetQuery.Length > 0, seen.Rows[0][2] == server);
        Assert.Equal("0", await pooler.PinnedAsync());
    }

    [Theory]
    [InlineData("BEGIN; LISTEN a; SET work_mem = '1MB'; CREATE TEMP TABLE t (id int); ROLLBACK")]
    [InlineData("BEGIN; SAVEPOINT s; LISTEN a; ROLLBACK TO s; COMMIT")]
    [InlineData("LISTEN a; SELECT 1/0")]
    [InlineData("BEGIN; SET LOCAL work_mem = '1MB'; CREATE TEMP TABLE t (id int) ON COMMIT DROP; SELECT pg_advisory_xact_lock(1); COMMIT")]
    [InlineData("SET application_name = 'x'; SET client_encoding = 'latin1'; SET TIME ZONE 'UTC'")]
    [InlineData("SELECT 'LISTEN a'; SELECT $$; SET work_mem = '1MB';$$ /* ; LISTEN b; */")]
    [InlineData("LISTEN a; UNLISTEN *; SET work_mem = '1MB'; RESET work_mem")]
    [InlineData("SELECT pg_advisory_lock(1); SELECT pg_advisory_lock(1); SELECT pg_advisory_unlock(1); SELECT pg_advisory_unlock(1)")]
    [InlineData("PREPARE p AS SELECT 1; DEALLOCATE ALL; DISCARD TEMP")]
    public async Task What_leaves_nothing_keeps_nothing(string sql)
    {
        await using PoolerProcess pooler = await StateScene.StartAsync(postgres.Cluster, "pin");
        using RawClient client = await pooler.LogInAsync();
        await client.QueryAsync(sql);
        Assert.Equal("0", await pooler.PinnedAsync());
    }

    [Theory]
    [InlineData("BEGIN; SAVEPOINT s; LISTEN a; RELEASE s; COMMIT", "LISTEN a")]
    [InlineData("BEGIN; LISTEN a; SAVEPOINT s; UNLISTEN *; ROLLBACK TO s; COMMIT", "LISTEN a")]
    [InlineData("BEGIN; SELECT pg_advisory_lock(1); ROLLBACK", "advisory lock")]
    [InlineData("SELECT pg_advisory_lock(1); SELECT 1/0", "advisory lock")]
    [InlineData("SELECT 1, pg_advisory_lock(1), 1/(random()::int - random()::int)::float", "advisory lock")]
    [InlineData("BEGIN; PREPARE p AS SELECT 1; ROLLBACK", "PREPARE p")]
    [InlineData("SELECT pg_advisory_lock(1); SELECT pg_advisory_lock(2); SELECT pg_advisory_unlock(3)", "2 advisory locks")]
    [InlineData("SET work_mem = '1MB'; SET lock_timeout = 5; LISTEN b; RESET work_mem", "LISTEN b; SET lock_timeout")]
    [InlineData("PREPARE p AS SELECT pg_advisory_lock(8); EXECUTE p; DEALLOCATE p", "advisory lock")]
    public async Task What_outlasts_its_transaction_keeps_the_server(string sql, string reasons)
    {
        await using PoolerProcess pooler = await StateScene.StartAsync(postgres.Cluster, "pin");
        using RawClient client = await pooler.LogInAsync();
        await client.QueryAsync(sql);
        Assert.Equal(reasons, (await pooler.AdminAsync("SELECT reasons FROM pinned")).Scalar);
    }

    [Fact]
    public async Task A_lock_that_was_not_to_be_had_keeps_no_server()
    {
        await using PoolerProcess pooler = await StateScene.StartAsync(postgres.Cluster, "pin");
        using RawClient holder = await pooler.LogInAsync();
        using RawClient other = await pooler.LogInAsync();
        Assert.Equal("t", (await holder.QueryAsync("SELECT pg_try_advisory_lock(99)")).Scalar);
        foreach (string protocol in (string[])["simple", "extended", "named"])
        {
            Assert.Equal("f", (await other.RunAsync(protocol, "SELECT pg_try_advisory_lock(99) AS got")).Scalar);
            Assert.Equal("1", await pooler.PinnedAsync());
        }

        await holder.QueryAsync("SELECT pg_advisory_unlock_all()");
        Assert.Equal("0", await pooler.PinnedAsync());
    }

    [Fact]
    public async Task A_named_statement_is_state_where_the_pooler_does_not_carry_it()
    {
        await using PoolerProcess pooler = await StateScene.StartAsync(postgres.Cluster, "pin", ("max_prepared_statements", "0"));
        using RawClient client = await pooler.LogInAsync();
        using RawClient other = await pooler.LogInAsync();
        await client.SendAsync(FrontendMessages.Parse("mine", "SELECT 7"), FrontendMessages.Sync());
        await client.ReadResultAsync();
        Assert.Equal("PREPARE mine", (await pooler.AdminAsync("SELECT reasons FROM pinned")).Scalar);
        await other.ServerAsync();
        await client.SendAsync(FrontendMessages.Bind("", "mine"), FrontendMessages.Execute(""), FrontendMessages.Sync());
        Assert.Equal("7", (await client.ReadResultAsync()).Scalar);
        await client.SendAsync(FrontendMessages.CloseStatement("mine"), FrontendMessages.Sync());
        await client.ReadResultAsync();
        Assert.Equal("0", await pooler.PinnedAsync());
    }

    [Fact]
    public async Task A_listener_hears_what_others_say()
    {
        await using PoolerProcess pooler = await StateScene.StartAsync(postgres.Cluster, "pin");
        await using NpgsqlConnection listener = await pooler.OpenAsync(more: "No Reset On Close=true;");
        await using NpgsqlConnection speaker = await pooler.OpenAsync(more: "No Reset On Close=true;");
        TaskCompletionSource<string> heard = new();
        listener.Notification += (_, notification) => heard.TrySetResult(notification.Payload);
        await ExecuteAsync(listener, "LISTEN pin_channel");
        await ExecuteAsync(speaker, "NOTIFY pin_channel, 'hello'");
        await listener.WaitAsync(TimeSpan.FromSeconds(20), CancellationToken.None);
        Assert.Equal("hello", await heard.Task);
    }

    [Fact]
    public async Task Npgsql_works_with_temporary_tables_and_settings()
    {
        await using PoolerProcess pooler = await StateScene.StartAsync(postgres.Cluster, "pin", ("default_pool_size", "3"));
        await Task.WhenAll(Enumerable.Range(0, 2).Select(async number =>
        {
            await using NpgsqlConnection connection = await pooler.OpenAsync(more: "No Reset On Close=true;Max Auto Prepare=10;Auto Prepare Min Usages=2;");
            await ExecuteAsync(connection, $"CREATE TEMP TABLE own (id int); SET lock_timeout = {number + 100}");
            for (int i = 0; i < 20; i++)
            {
                await ExecuteAsync(connection, $"INSERT INTO own VALUES ({number})");
            }

            await using NpgsqlCommand command = new("SELECT count(*) || ' ' || min(id) || ' ' || current_setting('lock_timeout') FROM own", connection);
            Assert.Equal($"20 {number} {number + 100}ms", await command.ExecuteScalarAsync());
        }));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    [SkippableFact]
    public async Task A_search_path_that_follows_its_client_anyway_is_no_state()
    {
        await Requires.PoolerAsync();
        await Requires.PostgresAsync(18);
        await using (PoolerProcess pooler = await StateScene.StartAsync(postgres.Cluster, "pin", ("default_pool_size", "1"), ("track_extra_parameters", "search_path")))
        {
            using RawClient client = await pooler.LogInAsync();
            using RawClient other = await pooler.LogInAsync();
            foreach (string make in (string[])["SET search_path TO a, \"B\"", "SET SCHEMA 'c'", "SELECT set_config('search_path', 'd, e', false)"])
            {
                Assert.Empty((await client.QueryAsync(make)).Errors);
                string? value = (await client.QueryAsync("SHOW search_path")).Scalar;
                Assert.Equal("\"$user\", public", (await other.QueryAsync("SHOW search_path")).Scalar);
                Assert.Equal(value, (await client.QueryAsync("SHOW search_path")).Scalar);
            }

            Assert.Equal("d, e", (await client.QueryAsync("SHOW search_path")).Scalar);
            Assert.Equal("0", await pooler.PinnedAsync());
        }

        // Nobody carries it along, although the server reports it.
        await using (PoolerProcess pooler = await StateScene.StartAsync(postgres.Cluster, "pin"))
        {
            using RawClient client = await pooler.LogInAsync();
            await client.QueryAsync("SET search_path TO a");
            Assert.Equal("SET search_path", (await pooler.AdminAsync("SELECT reasons FROM pinned")).Scalar);
        }
    }

    private static string? ScalarOrNull(QueryResult result) => result.Errors.Count > 0 ? null : result.Scalar;
}
