using System.Net.Sockets;
using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;
using static Pooler.Testing.Protocol.FrontendMessages;

namespace Pooler.Integration.Tests.Queries;

/// <summary>What begins with one client and ends with another, and clients that leave before they have heard all.</summary>
public sealed class SharedServerTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_transaction_in_two_phases_can_be_ended_by_another_client()
    {
        await using PostgresCluster cluster = await PostgresCluster.StartAsync("max_prepared_transactions = 2");
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(cluster, ("pool_mode", "transaction"), ("default_pool_size", "2"));
        using RawClient first = await pooler.LogInAsync();
        using RawClient second = await pooler.LogInAsync();
        await first.QueryAsync("CREATE TABLE in_two_phases (n int)");
        foreach (string end in new[] { "COMMIT", "ROLLBACK" })
        {
            await first.QueryAsync("BEGIN");
            await first.QueryAsync("INSERT INTO in_two_phases VALUES (1)");
            QueryResult prepared = await first.QueryAsync("PREPARE TRANSACTION 'two'");
            Assert.Equal('I', prepared.Status);
            Assert.Equal(0, await pooler.PoolCountAsync("sv_active"));
            Assert.Empty((await second.QueryAsync($"{end} PREPARED 'two'")).Errors);
        }

        Assert.Equal("1", (await second.QueryAsync("SELECT count(*) FROM in_two_phases")).Scalar);
    }

    [Fact]
    public async Task Statement_mode_takes_pipelines_and_refuses_transactions_in_them()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "statement"), ("default_pool_size", "1"));
        using RawClient other = await pooler.LogInAsync();
        using RawClient client = await pooler.LogInAsync();
        await client.SendAsync(Select("1"), Sync(), Select("1/0"), Select("2"), Sync(), Query("SELECT 3; SELECT 4"), Query("BEGIN; SELECT 5; COMMIT"));
        Assert.Equal("12DCZ", (await client.ReadResultAsync()).Types);
        Assert.Equal("22012", Assert.Single((await client.ReadResultAsync()).Errors).SqlState);
        Assert.Equal(2, (await client.ReadResultAsync()).Rows.Count);
        Assert.Equal("5", (await client.ReadResultAsync()).Scalar);
        Assert.Equal("other", (await other.QueryAsync("SELECT 'other'")).Scalar);

        await client.SendAsync(Parse("", "BEGIN"), Bind("", ""), Execute(""), Sync(), Query("SELECT 'must not run in it'"));
        QueryResult refused = await client.ReadResultAsync();
        Assert.Equal(new ErrorFields("FATAL", "08P01", "transaction blocks not allowed in statement pooling mode", null), refused.Errors[^1]);
        Assert.Null(refused.Status);
        Assert.Equal('I', (await other.QueryAsync("SELECT 1")).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_leaves_behind_a_pipeline_takes_the_server_along(bool halfClose)
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync();
        string? server = (await client.QueryAsync("SELECT pg_backend_pid()")).Scalar;
        await client.SendAsync(Query("SELECT pg_sleep(0.2)"), Query("SELECT 'nobody hears this'"), halfClose ? [] : Terminate());
        if (halfClose)
        {
            client.Socket.Shutdown(SocketShutdown.Send);
        }

        using RawClient next = await pooler.LogInAsync();
        QueryResult result = await next.QueryAsync("SELECT pg_backend_pid()");
        Assert.NotEqual(server, result.Scalar);
        await ServerActivity.GoneAsync(postgres.Cluster, server);
    }

    [Fact]
    public async Task A_pipeline_of_more_than_all_buffers_hold_comes_through_while_its_answers_are_read()
    {
        const int Many = 1500;
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync();
        string text = new('x', 10_000);
        byte[][] messages = [Parse("s", "SELECT $1 || $1"), .. Enumerable.Range(0, Many).SelectMany(_ => (byte[][])[Bind("", "s", text), Execute("")]), Sync()];
        IReadOnlyList<string> answers = await Dialogue.RunAsync(client, messages);
        Assert.Equal(Many, answers.Count(answer => answer.Length == "D ".Length + (2 * text.Length)));
        Assert.Equal("Z I", answers[^1]);
    }

    [Fact]
    public async Task Psql_imports_and_exports_large_objects()
    {
        await using PoolerProcess pooler = await StartAsync();
        using TestDirectory directory = new("large");
        string file = directory.Write("in", new string('z', 300_000));
        string copy = Path.Combine(directory.Path, "out");
        string script = directory.Write("script.sql", $"\\lo_import '{file}'\n\\lo_export :LASTOID '{copy}'\n\\lo_unlink :LASTOID\n");
        CommandResult result = await Command.RunAsync(
            [PostgresBinaries.Client("psql"), "-X", "-v", "ON_ERROR_STOP=1", "-f", script, "-h", pooler.Host, "-p", $"{pooler.Port}", "-U", "bouncer", "app"]);
        Assert.Contains("lo_unlink", result.Succeeded(), StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllTextAsync(file), await File.ReadAllTextAsync(copy));
    }

    private static byte[] Select(string expression) => [.. Parse("", "SELECT " + expression), .. Bind("", ""), .. Execute("")];

    private Task<PoolerProcess> StartAsync() =>
        PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "transaction"), ("default_pool_size", "1"));
}
