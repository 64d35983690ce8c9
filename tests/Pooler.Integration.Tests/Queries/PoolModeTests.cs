using Npgsql;
using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Queries;

/// <summary>Queries in the three pool modes, with Npgsql and by the protocol.</summary>
public sealed class PoolModeTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    // What a driver has to leave alone when its server connection changes between transactions.
    private const string ForTransactionMode = "No Reset On Close=true;Max Auto Prepare=0;Multiplexing=false;";

    [Theory]
    [InlineData("session")]
    [InlineData("transaction")]
    [InlineData("statement")]
    public async Task Npgsql_runs_queries_with_parameters(string mode)
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", mode));
        await using NpgsqlConnection connection = await pooler.OpenAsync(more: ForTransactionMode);
        for (int i = 0; i < 20; i++)
        {
            await using NpgsqlCommand command = new("SELECT $1::int + 1, repeat('x', $1::int * 100)", connection) { Parameters = { new() { Value = i } } };
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
            Assert.True(await reader.ReadAsync());
            Assert.Equal(i + 1, reader.GetInt32(0));
            Assert.Equal(i * 100, reader.GetString(1).Length);
        }
    }

    [Fact]
    public async Task Session_mode_keeps_one_server_for_the_whole_session()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "session"));
        using RawClient first = await pooler.LogInAsync();
        using RawClient second = await pooler.LogInAsync();
        string? server = (await first.QueryAsync("SELECT pg_backend_pid()")).Scalar;
        Assert.NotEqual(server, (await second.QueryAsync("SELECT pg_backend_pid()")).Scalar);
        await first.QueryAsync("CREATE TEMP TABLE mine (a int)");
        Assert.Equal("0", (await first.QueryAsync("SELECT count(*) FROM mine")).Scalar);
        Assert.Equal(server, (await first.QueryAsync("SELECT pg_backend_pid()")).Scalar);
    }

    [Fact]
    public async Task Transaction_mode_shares_one_server_between_clients_and_keeps_it_inside_a_transaction()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(
            postgres.Cluster, ("pool_mode", "transaction"), ("default_pool_size", "1"));
        using RawClient first = await pooler.LogInAsync();
        using RawClient second = await pooler.LogInAsync();
        string? server = (await first.QueryAsync("SELECT pg_backend_pid()")).Scalar;
        Assert.Equal(server, (await second.QueryAsync("SELECT pg_backend_pid()")).Scalar);

        QueryResult begin = await first.QueryAsync("BEGIN");
        Assert.Equal('T', begin.Status);
        await second.SendAsync(FrontendMessages.Query("SELECT 'mine'"));
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(server, (await first.QueryAsync("SELECT pg_backend_pid()")).Scalar);
        }

        Assert.Equal(0, second.Socket.Available);
        Assert.Equal(1, await pooler.PoolCountAsync("cl_waiting"));
        Assert.Equal('I', (await first.QueryAsync("COMMIT")).Status);
        Assert.Equal("mine", (await second.ReadResultAsync()).Scalar);
    }

    [Fact]
    public async Task Many_clients_over_few_servers_get_their_own_answers()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(
            postgres.Cluster, ("pool_mode", "transaction"), ("default_pool_size", "3"));
        await Task.WhenAll(Enumerable.Range(0, 30).Select(async number =>
        {
            using RawClient client = await pooler.LogInAsync();
            for (int i = 0; i < 20; i++)
            {
                QueryResult result = await client.QueryAsync($"SELECT {number}, '{number}-{i}', repeat('{number % 10}', {i * 300})");
                Assert.Equal($"{number}-{i}", result.Value(0, "?column?") is { } ? result.Rows[0][1] : null);
                Assert.Equal(i * 300, result.Rows[0][2]!.Length);
            }
        }));
        Assert.InRange(await pooler.PoolCountAsync("sv_idle"), 1, 3);
    }

    [Fact]
    public async Task Statement_mode_refuses_a_transaction_block_with_its_text()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "statement"));
        using RawClient client = await pooler.LogInAsync();
        Assert.Equal("1", (await client.QueryAsync("BEGIN; SELECT 1; COMMIT")).Scalar);
        QueryResult result = await client.QueryAsync("BEGIN");
        ErrorFields error = Assert.Single(result.Errors);
        Assert.Equal(new ErrorFields("FATAL", "08P01", "transaction blocks not allowed in statement pooling mode", null), error);
        Assert.Null(result.Status);
    }

    [Fact]
    public async Task The_database_line_and_the_user_line_override_the_mode()
    {
        PoolerOptions options = PoolerOptions.For(postgres.Cluster, ("pool_mode", "session"), ("default_pool_size", "1"));
        options.Databases["shared"] = options.ConnectionString(postgres.Cluster, "app", "pool_mode=transaction");
        options.Users["trusty"] = "pool_mode=transaction";
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);
        foreach ((string user, string database) in new[] { ("bouncer", "shared"), ("trusty", "app") })
        {
            using RawClient first = await pooler.LogInAsync(user, database);
            using RawClient second = await pooler.LogInAsync(user, database);
            string? server = (await first.QueryAsync("SELECT pg_backend_pid()")).Scalar;
            Assert.Equal(server, (await second.QueryAsync("SELECT pg_backend_pid()")).Scalar);
        }
    }

    [Fact]
    public async Task A_session_is_reset_before_the_next_client_gets_its_server()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(
            postgres.Cluster, ("pool_mode", "session"), ("default_pool_size", "1"), ("server_reset_query", "DISCARD ALL"));
        string? server;
        using (RawClient first = await pooler.LogInAsync())
        {
            server = (await first.QueryAsync("SELECT pg_backend_pid()")).Scalar;
            await first.QueryAsync("SET work_mem = '7MB'; CREATE TEMP TABLE left_over (a int)");
            await first.SendAsync(FrontendMessages.Terminate());
        }

        using RawClient second = await pooler.LogInAsync();
        Assert.Equal(server, (await second.QueryAsync("SELECT pg_backend_pid()")).Scalar);
        Assert.NotEqual("7MB", (await second.QueryAsync("SHOW work_mem")).Scalar);
        Assert.Equal("42P01", Assert.Single((await second.QueryAsync("SELECT * FROM left_over")).Errors).SqlState);
    }

    [Theory]
    [InlineData("0", "7MB")]
    [InlineData("1", "4MB")]
    public async Task Transaction_mode_resets_only_when_always_is_asked_for(string always, string expected)
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(
            postgres.Cluster, ("pool_mode", "transaction"), ("default_pool_size", "1"), ("server_reset_query_always", always));
        using RawClient first = await pooler.LogInAsync();
        await first.QueryAsync("SET work_mem = '7MB'");
        using RawClient second = await pooler.LogInAsync();
        Assert.Equal(expected, (await second.QueryAsync("SHOW work_mem")).Scalar);
    }
}
