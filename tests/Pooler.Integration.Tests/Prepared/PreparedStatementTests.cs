using Npgsql;
using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Prepared;

/// <summary>Named statements in transaction mode, with fewer servers than clients.</summary>
public sealed class PreparedStatementTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("")]
    [InlineData("Max Auto Prepare=10;Auto Prepare Min Usages=2;")]
    [InlineData("Pooling=true;Multiplexing=true;Max Auto Prepare=10;Auto Prepare Min Usages=2;")]
    public async Task Npgsql_prepares_as_it_likes(string more)
    {
        await using PoolerProcess pooler = await StartAsync(("default_pool_size", "2"));
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(pooler.ConnectionString(more: more));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async client =>
        {
            for (int i = 0; i < 40; i++)
            {
                await using NpgsqlConnection connection = await source.OpenConnectionAsync();
                await using NpgsqlCommand command = new("SELECT $1::int + $2::int", connection)
                {
                    Parameters = { new NpgsqlParameter<int> { TypedValue = client }, new NpgsqlParameter<int> { TypedValue = i } },
                };
                if (more.Length == 0)
                {
                    await command.PrepareAsync();
                }

                Assert.Equal(client + i, await command.ExecuteScalarAsync());
            }
        }));
        Assert.DoesNotContain(pooler.Log(), line => line.Contains("pooler error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_changed_table_costs_no_error_outside_a_transaction_and_one_inside()
    {
        await using PoolerProcess pooler = await StartAsync(("default_pool_size", "1"));
        using RawClient client = await pooler.LogInAsync();
        using RawClient other = await pooler.LogInAsync();
        await client.QueryAsync("CREATE TABLE IF NOT EXISTS prepared_change (id int)");
        await client.QueryAsync("INSERT INTO prepared_change VALUES (7)");
        byte[][] prepare = [FrontendMessages.Parse("s", "SELECT * FROM prepared_change"), FrontendMessages.Sync()];
        await client.SendAsync(prepare);
        Assert.Equal("1Z", (await client.ReadResultAsync()).Types);
        Assert.Equal("2TDCZ", (await UseAsync(client)).Types);
        await other.QueryAsync("ALTER TABLE prepared_change ADD COLUMN more int");
        QueryResult result = await UseAsync(client);
        Assert.Equal("2TDCZ", result.Types);
        Assert.Equal("7", result.Scalar);

        await other.QueryAsync("ALTER TABLE prepared_change ADD COLUMN evenmore int");
        await client.QueryAsync("BEGIN");
        QueryResult refused = await UseAsync(client);
        Assert.Equal("0A000", Assert.Single(refused.Errors).SqlState);
        await client.QueryAsync("ROLLBACK");
        Assert.Equal("2TDCZ", (await UseAsync(client)).Types);

        await pooler.AdminAsync("SET replan_prepared_statements = 0");
        await other.QueryAsync("ALTER TABLE prepared_change DROP COLUMN more");
        Assert.Equal("0A000", Assert.Single((await UseAsync(client)).Errors).SqlState);
        await other.QueryAsync("DROP TABLE prepared_change");
    }

    [Fact]
    public async Task A_server_keeps_no_more_statements_than_allowed()
    {
        await using PoolerProcess pooler = await StartAsync(("default_pool_size", "1"), ("max_prepared_statements", "3"));
        using RawClient client = await pooler.LogInAsync();
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < 10; i++)
            {
                List<byte[]> requests = [FrontendMessages.Bind(string.Empty, $"s{i}"), FrontendMessages.Execute(string.Empty), FrontendMessages.Sync()];
                if (round == 0)
                {
                    requests.Insert(0, FrontendMessages.Parse($"s{i}", $"SELECT {i}"));
                }

                await client.SendAsync([.. requests]);
                Assert.Equal($"{i}", (await client.ReadResultAsync()).Scalar);
            }
        }

        QueryResult totals = await pooler.AdminAsync("SHOW STATS_TOTALS");
        int row = totals.Rows.FindIndex(values => values[0] == "app");
        Assert.Equal(
            ("10", "20", "20"),
            (totals.Value(row, "client_parse_count"), totals.Value(row, "server_parse_count"), totals.Value(row, "bind_count")));
        Assert.Equal("3", (await client.QueryAsync("SELECT count(*) FROM pg_prepared_statements")).Scalar);
        Assert.Equal("3", (await pooler.AdminAsync("SHOW SERVERS")).Value(0, "prepared_statements"));
        QueryResult clients = await pooler.AdminAsync("SHOW CLIENTS");
        Assert.Contains("10", Enumerable.Range(0, clients.Rows.Count).Select(index => clients.Value(index, "prepared_statements")));
    }

    private static async Task<QueryResult> UseAsync(RawClient client)
    {
        await client.SendAsync(
            FrontendMessages.Bind(string.Empty, "s"), FrontendMessages.DescribePortal(string.Empty), FrontendMessages.Execute(string.Empty), FrontendMessages.Sync());
        return await client.ReadResultAsync();
    }

    private Task<PoolerProcess> StartAsync(params (string Key, string? Value)[] settings) =>
        PoolerProcess.StartAsync(PoolerOptions.For(postgres.Cluster, [("pool_mode", "transaction"), .. settings]));
}
