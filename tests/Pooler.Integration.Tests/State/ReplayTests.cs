using Npgsql;
using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.State;

/// <summary>Settings that follow their client from server to server.</summary>
public sealed class ReplayTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("simple")]
    [InlineData("extended")]
    [InlineData("named")]
    public async Task A_setting_follows_its_client_and_nobody_else(string protocol)
    {
        await using PoolerProcess pooler = await StateScene.StartAsync(postgres.Cluster, "replay", ("default_pool_size", "1"));
        using RawClient first = await pooler.LogInAsync();
        using RawClient second = await pooler.LogInAsync();
        using RawClient third = await pooler.LogInAsync();
        await first.RunAsync(protocol, "SET work_mem = '1111kB'");
        await first.RunAsync(protocol, "SELECT set_config('my.owner', 'first', false)");
        await second.RunAsync(protocol, "SET work_mem TO '2222kB'");
        await second.RunAsync(protocol, "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY");
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal("1111kB first off", await StateOfAsync(first, protocol));
            Assert.Equal("2222kB - on", await StateOfAsync(second, protocol));
            Assert.Equal("4MB - off", await StateOfAsync(third, protocol));
        }

        Assert.Equal("0", await pooler.PinnedAsync());
        await first.RunAsync(protocol, "RESET work_mem");
        await second.RunAsync(protocol, "RESET ALL");
        Assert.Equal("4MB first off", await StateOfAsync(first, protocol));
        Assert.Equal("4MB - off", await StateOfAsync(second, protocol));
    }

    [Theory]
    [InlineData("SELECT set_config('user.id', '5', false)", "user.id")]
    [InlineData("SET session.id = '5'", "session.id")]
    [InlineData("SET local.id = '5'", "local.id")]
    public async Task A_name_of_key_words_is_taken_back_like_any_other(string set, string name)
    {
        await using PoolerProcess pooler = await StateScene.StartAsync(postgres.Cluster, "replay", ("default_pool_size", "1"));
        using RawClient client = await pooler.LogInAsync();
        using RawClient other = await pooler.LogInAsync();
        await client.QueryAsync(set);
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal("", (await other.QueryAsync($"SELECT coalesce(current_setting('{name}', true), '')")).Scalar);
            Assert.Equal("5", (await client.QueryAsync($"SHOW \"{name}\"")).Scalar);
        }

        Assert.Equal("0", await pooler.PinnedAsync());
    }

    [Fact]
    public async Task What_is_rolled_back_does_not_follow()
    {
        await using PoolerProcess pooler = await StateScene.StartAsync(postgres.Cluster, "replay", ("default_pool_size", "1"));
        using RawClient client = await pooler.LogInAsync();
        using RawClient other = await pooler.LogInAsync();
        await client.QueryAsync("SET work_mem = '1111kB'");
        await client.QueryAsync("BEGIN");
        await client.QueryAsync("SET work_mem = '2222kB'");
        await client.QueryAsync("SAVEPOINT s");
        await client.QueryAsync("SET work_mem = '3333kB'");
        await client.QueryAsync("ROLLBACK TO s");
        await client.QueryAsync("COMMIT");
        await other.QueryAsync("SELECT 1");
        Assert.Equal("2222kB", (await client.QueryAsync("SHOW work_mem")).Scalar);
        await client.QueryAsync("BEGIN; SET work_mem = '4444kB'");
        await client.QueryAsync("ROLLBACK");
        await other.QueryAsync("SELECT 1");
        Assert.Equal("2222kB", (await client.QueryAsync("SHOW work_mem")).Scalar);
    }

    [Fact]
    public async Task Roles_and_values_of_all_kinds_follow()
    {
        await using PoolerProcess pooler = await StateScene.StartAsync(postgres.Cluster, "replay", ("default_pool_size", "1"));
        using RawClient client = await pooler.LogInAsync("postgres");
        using RawClient other = await pooler.LogInAsync("postgres");
        await client.QueryAsync("SET log_min_duration_statement = 12345");
        await client.QueryAsync("SET my.text = E'it''s; \\\\ \"x\"'");
        await client.QueryAsync("SET search_path TO \"A b\", pg_catalog");
        await client.QueryAsync("SET ROLE bouncer");
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal("postgres", (await other.QueryAsync("SELECT current_user")).Scalar);
            QueryResult mine = await client.QueryAsync(
                "SELECT current_user, current_setting('my.text'), current_setting('search_path'), current_setting('log_min_duration_statement')");
            Assert.Equal("bouncer|it's; \\ \"x\"|\"A b\", pg_catalog|12345ms", string.Join('|', mine.Rows[0]));
        }

        Assert.Equal("-1", (await other.QueryAsync("SHOW log_min_duration_statement")).Scalar);
        await client.QueryAsync("SET SESSION AUTHORIZATION DEFAULT");
        await other.QueryAsync("SELECT 1");
        Assert.Equal("postgres", (await client.QueryAsync("SELECT current_user")).Scalar);
    }

    [Fact]
    public async Task Everything_else_keeps_the_server_and_the_settings_survive_that()
    {
        await using PoolerProcess pooler = await StateScene.StartAsync(postgres.Cluster, "replay");
        using RawClient client = await pooler.LogInAsync();
        using RawClient other = await pooler.LogInAsync();
        await client.QueryAsync("SET work_mem = '1111kB'; LISTEN jobs");
        Assert.Equal("LISTEN jobs", (await pooler.AdminAsync("SELECT reasons FROM pinned")).Scalar);
        await client.QueryAsync("UNLISTEN *");
        Assert.Equal("0", await pooler.PinnedAsync());
        Assert.Equal("4MB", (await other.QueryAsync("SHOW work_mem")).Scalar);
        Assert.Equal("1111kB", (await client.QueryAsync("SHOW work_mem")).Scalar);

        // A value that is only in the Bind cannot be made again.
        await client.SendAsync(
            FrontendMessages.Parse("", "SELECT set_config('my.bound', $1, false)"), FrontendMessages.Bind("", "", "x"), FrontendMessages.Execute(""), FrontendMessages.Sync());
        await client.ReadResultAsync();
        Assert.Equal("SET my.bound", (await pooler.AdminAsync("SELECT reasons FROM pinned")).Scalar);
    }

    [Fact]
    public async Task Turning_it_off_takes_the_settings_back()
    {
        await using PoolerProcess pooler = await StateScene.StartAsync(postgres.Cluster, "replay", ("default_pool_size", "1"));
        using RawClient client = await pooler.LogInAsync();
        using RawClient other = await pooler.LogInAsync();
        await client.QueryAsync("SET work_mem = '1111kB'");
        await pooler.AdminAsync("SET session_state_tracking = 'off'");
        Assert.Equal("4MB", (await other.QueryAsync("SHOW work_mem")).Scalar);
        Assert.Equal("4MB", (await client.QueryAsync("SHOW work_mem")).Scalar);
    }

    [Fact]
    public async Task Npgsql_has_its_settings_wherever_it_is()
    {
        await using PoolerProcess pooler = await StateScene.StartAsync(postgres.Cluster, "replay");
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async number =>
        {
            await using NpgsqlConnection connection = await pooler.OpenAsync(more: "No Reset On Close=true;Max Auto Prepare=10;Auto Prepare Min Usages=2;");
            await using (NpgsqlCommand set = new($"SET lock_timeout = {number + 100}", connection))
            {
                await set.ExecuteNonQueryAsync();
            }

            for (int i = 0; i < 30; i++)
            {
                await using NpgsqlCommand command = new("SELECT current_setting('lock_timeout')", connection);
                Assert.Equal($"{number + 100}ms", await command.ExecuteScalarAsync());
            }
        }));
    }

    [SkippableTheory]
    [InlineData("off")]
    [InlineData("replay")]
    public async Task Postgres_fdw_sets_things_that_nobody_else_may_have(string tracking)
    {
        Skip.IfNot(
            await postgres.Cluster.ScalarAsync("SELECT count(*) FROM pg_available_extensions WHERE name = 'postgres_fdw'") is 1L, "PostgreSQL's postgres_fdw is not installed");
        await using PoolerProcess pooler = await StateScene.StartAsync(postgres.Cluster, tracking, ("default_pool_size", "1"));
        using RawClient other = await pooler.LogInAsync();

        // The server is the client here; when it connects, it makes search_path pg_catalog and more.
        using RawClient client = await RawClient.ConnectAsync(postgres.Cluster.Host, postgres.Cluster.Port);
        string database = "foreign_" + tracking;
        await postgres.Cluster.ScalarAsync($"CREATE DATABASE {database}");
        await client.LogInAsync("postgres", database);
        foreach (string sql in (string[])
        [
            "CREATE EXTENSION postgres_fdw",
            $"CREATE SERVER pooled FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '{pooler.Host}', port '{pooler.Port}', dbname 'app')",
            "CREATE USER MAPPING FOR postgres SERVER pooled OPTIONS (user 'bouncer', password_required 'false')",
            "CREATE FOREIGN TABLE setting (name text, setting text) SERVER pooled OPTIONS (schema_name 'pg_catalog', table_name 'pg_settings')",
        ])
        {
            Assert.Empty((await client.QueryAsync(sql)).Errors);
        }

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal("pg_catalog", (await client.QueryAsync("SELECT setting FROM setting WHERE name = 'search_path'")).Scalar);
            Assert.Equal(tracking == "off" ? "pg_catalog" : "\"$user\", public", (await other.QueryAsync("SHOW search_path")).Scalar);
        }

        Assert.Equal("0", await pooler.PinnedAsync());
    }

    private static async Task<string?> StateOfAsync(RawClient client, string protocol) => (await client.RunAsync(
        protocol,
        "SELECT concat_ws(' ', current_setting('work_mem'), coalesce(nullif(current_setting('my.owner', true), ''), '-'), current_setting('transaction_read_only'))")).Scalar;
}
