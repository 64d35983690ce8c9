using System.Data;
using Npgsql;
using NpgsqlTypes;
using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing;
using Pooler.Testing.Programs;

namespace Pooler.Integration.Tests.Admin;

/// <summary>Npgsql on the console with nothing set: its own pool, type loading and reset, binary results, prepared statements.</summary>
public sealed class ConsoleNpgsqlTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [SkippableFact]
    public async Task Commands_give_typed_values()
    {
        await using PoolerProcess pooler = await StartAsync();
        await using NpgsqlDataSource source = Source(pooler);
        await using NpgsqlCommand command = source.CreateCommand("SHOW DATABASES");
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        List<string> names = [];
        while (await reader.ReadAsync())
        {
            names.Add(reader.GetString("name"));
            Assert.True(await reader.IsDBNullAsync("host") == (names[^1] == "pgbouncer"));
            Assert.InRange(reader.GetInt32("port"), 1, 65535);
            Assert.Equal("int4", reader.GetDataTypeName(reader.GetOrdinal("port")).Replace("integer", "int4", StringComparison.Ordinal));
        }

        Assert.Equal(["app", "pgbouncer", "postgres"], names);
        await using NpgsqlConnection client = await pooler.OpenAsync();
        Assert.Equal(1, await new NpgsqlCommand("SELECT 1", client).ExecuteScalarAsync());
        Assert.Equal(1m, await source.CreateCommand("SELECT total_client_login_count FROM stats WHERE database = 'app'").ExecuteScalarAsync());
        Assert.StartsWith("PgBouncer ", (string?)await source.CreateCommand("SHOW VERSION").ExecuteScalarAsync(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Queries_take_parameters()
    {
        await using PoolerProcess pooler = await StartAsync();
        await using NpgsqlDataSource source = Source(pooler);
        await using NpgsqlCommand named = source.CreateCommand("SELECT name FROM databases WHERE name LIKE @pattern AND port <> @port ORDER BY name LIMIT @limit");
        named.Parameters.AddWithValue("pattern", "p%");
        named.Parameters.AddWithValue("port", 1);
        named.Parameters.AddWithValue("limit", 1L);
        Assert.Equal("pgbouncer", await named.ExecuteScalarAsync());

        await using NpgsqlCommand positional = source.CreateCommand("SELECT count(*), avg(port), sum(port), max(name) FROM databases WHERE port < $1 AND port > $2");
        positional.Parameters.Add(new NpgsqlParameter { Value = 70000.5m });
        positional.Parameters.Add(new NpgsqlParameter { Value = DBNull.Value });
        await using NpgsqlDataReader reader = await positional.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        Assert.Equal(0L, reader.GetInt64(0));
        Assert.True(reader.IsDBNull(1) && reader.IsDBNull(2) && reader.IsDBNull(3));
    }

    [SkippableFact]
    public async Task A_prepared_query_is_run_again()
    {
        await using PoolerProcess pooler = await StartAsync();
        await using NpgsqlDataSource source = Source(pooler);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        await using NpgsqlCommand command = new("SELECT count(*) FROM databases WHERE name = $1", connection);
        NpgsqlParameter name = command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text });
        await command.PrepareAsync();
        foreach ((string value, long count) in new[] { ("app", 1L), ("nothing", 0L), ("postgres", 1L) })
        {
            name.Value = value;
            Assert.Equal(count, await command.ExecuteScalarAsync());
        }

        await command.UnprepareAsync();
    }

    [SkippableFact]
    public async Task A_batch_has_a_result_for_each_command()
    {
        await using PoolerProcess pooler = await StartAsync();
        await using NpgsqlDataSource source = Source(pooler);
        await using NpgsqlBatch batch = source.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SHOW STATE"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT count(*) FROM lists"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SHOW nonsense"));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        Assert.Equal("active", reader.GetString(0));
        Assert.True(await reader.NextResultAsync());
        Assert.True(await reader.ReadAsync());
        Assert.Equal(14L, reader.GetInt64(0));
        PostgresException error = await Assert.ThrowsAsync<PostgresException>(() => reader.NextResultAsync());
        Assert.Equal("invalid command 'SHOW nonsense', use SHOW HELP;", error.MessageText);
    }

    [SkippableFact]
    public async Task The_pool_resets_and_reuses_a_session()
    {
        await using PoolerProcess pooler = await StartAsync();
        await using NpgsqlDataSource source = Source(pooler, "Maximum Pool Size=1;Max Auto Prepare=10;Auto Prepare Min Usages=2;");
        List<int> processes = [];
        for (int i = 0; i < 5; i++)
        {
            await using NpgsqlConnection connection = await source.OpenConnectionAsync();
            processes.Add(connection.ProcessID);
            Assert.Equal(14L, await new NpgsqlCommand("SELECT count(*) FROM lists", connection).ExecuteScalarAsync());
            await Assert.ThrowsAsync<PostgresException>(() => new NpgsqlCommand("SELECT foo FROM lists", connection).ExecuteScalarAsync());
            Assert.Equal(14L, await new NpgsqlCommand("SELECT count(*) FROM lists", connection).ExecuteScalarAsync());
        }

        Assert.Single(processes.Distinct());
    }

    [SkippableFact]
    public async Task A_transaction_can_be_opened_and_ended()
    {
        await using PoolerProcess pooler = await StartAsync();
        await using NpgsqlDataSource source = Source(pooler);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        await using (NpgsqlTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.Serializable))
        {
            Assert.Equal("GMT", await new NpgsqlCommand("SHOW timezone", connection, transaction).ExecuteScalarAsync());
            await transaction.CommitAsync();
        }

        await using (NpgsqlTransaction transaction = await connection.BeginTransactionAsync())
        {
            Assert.Equal("GMT", await new NpgsqlCommand("SHOW timezone", connection, transaction).ExecuteScalarAsync());
            await transaction.RollbackAsync();
        }
    }

    [SkippableFact]
    public async Task A_waiting_command_can_be_cancelled()
    {
        await using PoolerProcess pooler = await StartAsync();
        await using NpgsqlConnection client = await pooler.OpenAsync();
        await using NpgsqlTransaction transaction = await client.BeginTransactionAsync();
        await new NpgsqlCommand("SELECT 1", client, transaction).ExecuteScalarAsync();
        await using NpgsqlDataSource source = Source(pooler);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        await using NpgsqlCommand pause = new("PAUSE", connection);
        Task<int> waiting = pause.ExecuteNonQueryAsync();
        await Wait.UntilAsync(
            async () => (string?)await source.CreateCommand("SELECT value FROM state WHERE key = 'paused'").ExecuteScalarAsync() == "yes", "paused");
        pause.Cancel();
        OperationCanceledException error = await Assert.ThrowsAsync<OperationCanceledException>(() => waiting);
        Assert.Equal("57014", Assert.IsType<PostgresException>(error.InnerException).SqlState);
        Assert.Equal("yes", await new NpgsqlCommand("SELECT value FROM state WHERE key = 'active'", connection).ExecuteScalarAsync());
    }

    [SkippableFact]
    public async Task Without_simple_queries_the_extended_protocol_is_the_way_in()
    {
        await using PoolerProcess pooler = await StartAsync(("disable_pqexec", "1"));
        await using NpgsqlDataSource source = Source(pooler, "Server Compatibility Mode=NoTypeLoading;No Reset On Close=true;");
        Assert.Equal("active", await source.CreateCommand("SHOW STATE").ExecuteScalarAsync());
    }

    private static NpgsqlDataSource Source(PoolerProcess pooler, string more = "") => NpgsqlDataSource.Create(
        $"Host={pooler.Host};Port={pooler.Port};Username=admin;Password={pooler.Options.UserList["admin"]};Database=pgbouncer;{more}");

    private async Task<PoolerProcess> StartAsync(params (string Key, string? Value)[] settings)
    {
        await Requires.PoolerAsync();
        return await PoolerProcess.StartAsync(postgres.Cluster, settings);
    }
}
