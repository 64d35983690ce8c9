using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.State;

/// <summary>Clients and the log are told of state that will be lost.</summary>
public sealed class WarnTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("simple")]
    [InlineData("extended")]
    [InlineData("named")]
    public async Task A_client_is_told_once_of_each_kind_before_it_may_go_on(string protocol)
    {
        await using PoolerProcess pooler = await StateScene.StartAsync(postgres.Cluster, "warn", ("default_pool_size", "1"));
        using RawClient client = await pooler.LogInAsync();
        foreach ((string sql, string reason) in ((string, string)[])
        [
            ("LISTEN warn_jobs", "LISTEN warn_jobs"),
            ("SET work_mem = '1MB'", "SET work_mem"),
            ("SELECT pg_advisory_lock(3)", "advisory lock"),
            ("CREATE TEMP TABLE warn_temp (id int)", "temporary warn_temp"),
            ("DECLARE warn_cursor CURSOR WITH HOLD FOR SELECT 1", "cursor WITH HOLD warn_cursor"),
            ("PREPARE warn_prepared AS SELECT 1", "PREPARE warn_prepared"),
        ])
        {
            QueryResult result = await client.RunAsync(protocol, sql);
            Assert.EndsWith("NZ", result.Types, StringComparison.Ordinal);
            ErrorFields notice = Assert.Single(result.Notices);
            Assert.Equal(("NOTICE", "01000"), (notice.Severity, notice.SqlState));
            string text = $"session state ({reason}) does not outlast the transaction: the next one may run on another server (session_state_tracking)";
            Assert.Equal(text, notice.Message);
            Assert.Matches("WARNING C-0x[0-9a-f]+: app/bouncer@127.0.0.1:", await pooler.WaitForLogAsync(System.Text.RegularExpressions.Regex.Escape(text)));
            Assert.Empty((await client.RunAsync(protocol, sql.Replace("warn_", "warn2_", StringComparison.Ordinal))).Notices);
        }

        Assert.Equal("0", await pooler.PinnedAsync());
        using RawClient other = await pooler.LogInAsync();
        Assert.Single((await other.RunAsync(protocol, "SET work_mem = '1MB'")).Notices);
    }

    [Fact]
    public async Task It_comes_with_the_commit_and_not_with_a_rollback()
    {
        await using PoolerProcess pooler = await StateScene.StartAsync(postgres.Cluster, "warn");
        using RawClient client = await pooler.LogInAsync();
        await client.QueryAsync("BEGIN");
        Assert.Empty((await client.QueryAsync("LISTEN a")).Notices);
        Assert.Empty((await client.QueryAsync("ROLLBACK")).Notices);
        await client.QueryAsync("BEGIN");
        Assert.Empty((await client.QueryAsync("LISTEN a")).Notices);
        Assert.Single((await client.QueryAsync("COMMIT")).Notices);
    }

    [Fact]
    public async Task It_can_be_said_of_one_user_and_changed_by_a_reload()
    {
        PoolerOptions options = PoolerOptions.For(postgres.Cluster, ("pool_mode", "transaction"));
        options.Users["trusty"] = "session_state_tracking=warn";
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);
        using RawClient warned = await pooler.LogInAsync("trusty");
        using RawClient other = await pooler.LogInAsync();
        Assert.Single((await warned.QueryAsync("LISTEN a")).Notices);
        Assert.Empty((await other.QueryAsync("LISTEN a")).Notices);
        Assert.Equal("off", (await pooler.AdminAsync("SELECT value FROM config WHERE key = 'session_state_tracking'")).Scalar);

        options.Settings["session_state_tracking"] = "warn";
        options.Users["trusty"] = "session_state_tracking=off";
        pooler.RewriteFiles();
        await pooler.AdminAsync("RELOAD");
        Assert.Empty((await warned.QueryAsync("SET work_mem = '1MB'")).Notices);
        Assert.Single((await other.QueryAsync("SET work_mem = '1MB'")).Notices);
    }

    [Fact]
    public async Task Session_mode_has_nothing_to_warn_of()
    {
        await using PoolerProcess pooler = await StateScene.StartAsync(postgres.Cluster, "warn", ("pool_mode", "session"));
        using RawClient client = await pooler.LogInAsync();
        Assert.Empty((await client.QueryAsync("LISTEN a; SET work_mem = '1MB'")).Notices);
    }
}
