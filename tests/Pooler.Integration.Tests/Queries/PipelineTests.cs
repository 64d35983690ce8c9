using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Queries;

/// <summary>The extended protocol and pipelines, message by message, with one server shared by several clients.</summary>
public sealed class PipelineTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task An_unnamed_statement_gets_its_answers_in_order()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync();
        await client.SendAsync(Select("41 + 1"), FrontendMessages.Sync());
        QueryResult result = await client.ReadResultAsync();
        Assert.Equal("12DCZ", result.Types);
        Assert.Equal("42", result.Scalar);
    }

    [Fact]
    public async Task Two_syncs_in_one_write_give_two_results_before_the_server_is_released()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync();
        using RawClient other = await pooler.LogInAsync();
        await client.SendAsync(Select("pg_sleep(0.1)"), FrontendMessages.Sync(), Select("'second'"), FrontendMessages.Sync());
        await other.SendAsync(FrontendMessages.Query("SELECT 'other'"));
        Assert.Equal("12DCZ", (await client.ReadResultAsync()).Types);
        Assert.Equal("second", (await client.ReadResultAsync()).Scalar);
        Assert.Equal("other", (await other.ReadResultAsync()).Scalar);
    }

    [Fact]
    public async Task An_error_skips_the_rest_of_its_batch_and_nothing_else()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync();
        await client.SendAsync(
            Select("'before'"), Select("1/0"), Select("'skipped'"), FrontendMessages.Sync(), Select("'after'"), FrontendMessages.Sync());
        QueryResult broken = await client.ReadResultAsync();
        Assert.Equal("12DC1EZ", broken.Types);
        Assert.Equal("22012", Assert.Single(broken.Errors).SqlState);
        QueryResult whole = await client.ReadResultAsync();
        Assert.Equal("12DCZ", whole.Types);
        Assert.Equal("after", whole.Scalar);
    }

    [Fact]
    public async Task A_statement_that_does_not_parse_leaves_the_server_usable_for_the_next_client()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync();
        using RawClient other = await pooler.LogInAsync();
        for (int i = 0; i < 5; i++)
        {
            await client.SendAsync(
                FrontendMessages.Parse(string.Empty, "SELEKT"), FrontendMessages.Bind(string.Empty, string.Empty),
                FrontendMessages.Execute(string.Empty), FrontendMessages.Sync());
            QueryResult broken = await client.ReadResultAsync();
            Assert.Equal("EZ", broken.Types);
            Assert.Equal("42601", Assert.Single(broken.Errors).SqlState);
            Assert.Equal($"{i}", (await other.QueryAsync($"SELECT {i}")).Scalar);
        }
    }

    [Fact]
    public async Task Flush_delivers_answers_without_giving_the_server_away()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync();
        await client.SendAsync(
            FrontendMessages.Parse(string.Empty, "SELECT 7 AS seven"), FrontendMessages.DescribeStatement(string.Empty), FrontendMessages.Flush());
        Assert.Equal('1', (await client.ReadAsync())!.Type);
        Assert.Equal('t', (await client.ReadAsync())!.Type);
        Assert.Equal('T', (await client.ReadAsync())!.Type);
        Assert.Equal(1, await pooler.PoolCountAsync("sv_active"));
        await client.SendAsync(FrontendMessages.Bind(string.Empty, string.Empty), FrontendMessages.Execute(string.Empty), FrontendMessages.Sync());
        QueryResult result = await client.ReadResultAsync();
        Assert.Equal("2DCZ", result.Types);
        Assert.Equal(0, await pooler.PoolCountAsync("sv_active"));
    }

    [Fact]
    public async Task Execute_with_a_row_limit_suspends_the_portal()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync();
        await client.SendAsync(
            FrontendMessages.Parse(string.Empty, "SELECT generate_series(1, 5)"), FrontendMessages.Bind(string.Empty, string.Empty),
            FrontendMessages.DescribePortal(string.Empty), FrontendMessages.Execute(string.Empty, 2), FrontendMessages.Execute(string.Empty, 2),
            FrontendMessages.Execute(string.Empty), FrontendMessages.Sync());
        QueryResult result = await client.ReadResultAsync();
        Assert.Equal("12TDDsDDsDCZ", result.Types);
        Assert.Equal(["1", "2", "3", "4", "5"], result.Rows.Select(row => row[0]));
    }

    [Fact]
    public async Task Named_statements_live_as_long_as_the_session_in_session_mode()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "session"), ("default_pool_size", "1"));
        using (RawClient client = await pooler.LogInAsync())
        {
            await client.SendAsync(FrontendMessages.Parse("twice", "SELECT 2 * $1::int"), FrontendMessages.Sync());
            Assert.Equal("1Z", (await client.ReadResultAsync()).Types);
            for (int i = 0; i < 5; i++)
            {
                await client.SendAsync(FrontendMessages.Bind(string.Empty, "twice", $"{i}"), FrontendMessages.Execute(string.Empty), FrontendMessages.Sync());
                Assert.Equal($"{2 * i}", (await client.ReadResultAsync()).Scalar);
            }

            await client.SendAsync(FrontendMessages.CloseStatement("twice"), FrontendMessages.Sync());
            Assert.Equal("3Z", (await client.ReadResultAsync()).Types);
            await client.SendAsync(FrontendMessages.Parse("again", "SELECT 1"), FrontendMessages.Sync(), FrontendMessages.Terminate());
            await client.ReadResultAsync();
        }

        using RawClient next = await pooler.LogInAsync();
        await next.SendAsync(FrontendMessages.Parse("again", "SELECT 'mine'"), FrontendMessages.Sync());
        Assert.Equal("1Z", (await next.ReadResultAsync()).Types);
    }

    [Fact]
    public async Task Simple_queries_can_be_pipelined()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync();
        await client.SendAsync(Enumerable.Range(0, 50).Select(i => FrontendMessages.Query($"SELECT {i}")).ToArray());
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal($"{i}", (await client.ReadResultAsync()).Scalar);
        }
    }

    [Fact]
    public async Task Several_statements_in_one_query_end_at_the_first_error()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync();
        QueryResult result = await client.QueryAsync("SELECT 1; SELECT 1/0; SELECT 2");
        Assert.Equal("TDCEZ", result.Types.Replace("TTEZ", "TEZ", StringComparison.Ordinal));
        Assert.Equal("IZ", (await client.QueryAsync(string.Empty)).Types);
    }

    [SkippableFact]
    public async Task Messages_may_arrive_byte_by_byte()
    {
        await Requires.VersionAsync(1, 23);
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.ConnectAsync();
        foreach (byte part in FrontendMessages.Startup(("user", "bouncer"), ("database", "app")))
        {
            await client.SendAsync([part]);
        }

        await client.FinishLoginAsync("bouncer", string.Empty);
        byte[] query = [.. FrontendMessages.Query("SELECT 'slow'"), .. Select("'writer'"), .. FrontendMessages.Sync()];
        foreach (byte part in query)
        {
            await client.SendAsync([part]);
        }

        Assert.Equal("slow", (await client.ReadResultAsync()).Scalar);
        Assert.Equal("writer", (await client.ReadResultAsync()).Scalar);
    }

    [Fact]
    public async Task A_query_of_megabytes_passes_through()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync();
        string text = new('y', 5_000_000);
        QueryResult result = await client.QueryAsync($"SELECT length('{text}'), '{text}'");
        Assert.Equal("5000000", result.Rows[0][0]);
        Assert.Equal(text, result.Rows[0][1]);
    }

    [Fact]
    public async Task Notices_reach_the_client_that_caused_them()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync();
        QueryResult result = await client.QueryAsync("DO $$ BEGIN RAISE NOTICE 'look here'; END $$");
        Assert.Equal("look here", Assert.Single(result.Notices).Message);
    }

    private static byte[] Select(string expression) =>
    [
        .. FrontendMessages.Parse(string.Empty, "SELECT " + expression), .. FrontendMessages.Bind(string.Empty, string.Empty),
        .. FrontendMessages.Execute(string.Empty),
    ];

    private Task<PoolerProcess> StartAsync() =>
        PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "transaction"), ("default_pool_size", "1"));
}
