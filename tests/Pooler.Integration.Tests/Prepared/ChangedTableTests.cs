using Npgsql;
using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;

namespace Pooler.Integration.Tests.Prepared;

/// <summary>
/// Tables that change all the time under statements that are prepared: outside transactions nobody notices. Npgsql asks only once what a statement's columns are, so
/// that what changes under it is a column's length; pgbench asks each time.
/// </summary>
public sealed class ChangedTableTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int Changes = 40;
    private const int Readers = 6;
    private const string AutoPrepare = "Max Auto Prepare=10;Auto Prepare Min Usages=1;";

    [Theory]
    [InlineData("prepared", "")]
    [InlineData("automatic", AutoPrepare)]
    public async Task Npgsql_gets_no_error(string table, string more)
    {
        table = "changed_" + table;
        await postgres.Cluster.ScalarAsync($"CREATE TABLE {table} (id int PRIMARY KEY, word varchar(10))");
        await postgres.Cluster.ScalarAsync($"INSERT INTO {table} SELECT n, 'word' FROM generate_series(1, 10) n");
        await using PoolerProcess pooler = await StartAsync();
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(pooler.ConnectionString(more: more));
        using CancellationTokenSource end = new();
        int begun = 0;
        Task<int>[] readers = [.. Enumerable.Range(0, Readers).Select(_ => Task.Run(() => ReadAsync(source, table, more.Length == 0, () => Interlocked.Increment(ref begun), end.Token)))];
        try
        {
            // A table that changes between a driver's own Parse and the request behind it is the driver's business.
            await Wait.UntilAsync(() => Task.FromResult(Volatile.Read(ref begun) == Readers), "all have prepared their statement");
            for (int i = 0; i < Changes; i++)
            {
                await postgres.Cluster.ScalarAsync($"ALTER TABLE {table} ALTER COLUMN word TYPE varchar({10 + (i % 2)})");
            }
        }
        finally
        {
            await end.CancelAsync();
        }

        int[] counts = await Task.WhenAll(readers);
        Assert.All(counts, count => Assert.True(count > 0));
        await postgres.Cluster.ScalarAsync($"DROP TABLE {table}");
    }

    [Fact]
    public async Task Who_prepares_what_the_server_knows_from_before_gets_no_error()
    {
        const string Table = "changed_known";
        await postgres.Cluster.ScalarAsync($"CREATE TABLE {Table} (id int)");
        await postgres.Cluster.ScalarAsync($"INSERT INTO {Table} VALUES (7)");
        await using PoolerProcess pooler = await StartAsync(servers: 1);
        for (int columns = 1; columns <= 5; columns++)
        {
            await using NpgsqlConnection connection = new(pooler.ConnectionString(more: "Pooling=false;"));
            await connection.OpenAsync();
            await using NpgsqlCommand command = new($"SELECT * FROM {Table} WHERE id = $1", connection) { Parameters = { new NpgsqlParameter<int> { TypedValue = 7 } } };
            await command.PrepareAsync();
            await using (NpgsqlDataReader reader = await command.ExecuteReaderAsync())
            {
                Assert.True(await reader.ReadAsync());
                Assert.Equal(columns, reader.FieldCount);
            }

            await postgres.Cluster.ScalarAsync($"ALTER TABLE {Table} ADD COLUMN more_{columns} int");
        }

        await postgres.Cluster.ScalarAsync($"DROP TABLE {Table}");
    }

    [Fact]
    public async Task Pgbench_gets_no_error()
    {
        const string Table = "changed_pgbench";
        await postgres.Cluster.ScalarAsync($"CREATE TABLE {Table} (id int PRIMARY KEY)");
        await postgres.Cluster.ScalarAsync($"INSERT INTO {Table} SELECT generate_series(1, 10)");
        await using PoolerProcess pooler = await StartAsync();
        using TestDirectory directory = new("changed");
        string script = directory.Write("script.sql", $"\\set id random(1, 10)\nSELECT * FROM {Table} WHERE id = :id;\nSELECT *, 1 FROM {Table};\n");
        Task<CommandResult> running = Command.RunAsync(
            [PostgresBinaries.Client("pgbench"), "-n", "-M", "prepared", "-c", "6", "-t", "400", "-f", script, "-h", pooler.Host, "-p", $"{pooler.Port}", "-U", "bouncer", "app"]);
        for (int i = 0; !running.IsCompleted; i++)
        {
            await postgres.Cluster.ScalarAsync(i % 2 == 0 ? $"ALTER TABLE {Table} ADD COLUMN more int" : $"ALTER TABLE {Table} DROP COLUMN more");
        }

        Assert.Contains("actually processed: 2400/2400", (await running).Succeeded(), StringComparison.Ordinal);
        await postgres.Cluster.ScalarAsync($"DROP TABLE {Table}");
    }

    [Theory]
    [InlineData("type", "ALTER COLUMN id TYPE bigint", 3, false)]
    [InlineData("more", "ADD COLUMN more int", 4, false)]
    [InlineData("less", "DROP COLUMN last", 2, false)]
    [InlineData("auto_type", "ALTER COLUMN id TYPE bigint", 3, true)]
    [InlineData("auto_more", "ADD COLUMN more int", 4, true)]
    public async Task Npgsql_reads_no_row_as_what_it_is_not(string table, string change, int columns, bool isAutomatic)
    {
        table = "changed_" + table;
        await postgres.Cluster.ScalarAsync($"CREATE TABLE {table} (id int, word text, last int)");
        await postgres.Cluster.ScalarAsync($"INSERT INTO {table} VALUES (7, 'word')");
        await using PoolerProcess pooler = await StartAsync();
        NpgsqlConnection[] connections = [.. Enumerable.Range(0, 6).Select(_ => new NpgsqlConnection(pooler.ConnectionString(more: "Pooling=false;" + (isAutomatic ? AutoPrepare : ""))))];
        NpgsqlCommand[] commands = [.. connections.Select(connection => new NpgsqlCommand($"SELECT * FROM {table}", connection))];
        foreach (NpgsqlCommand command in commands)
        {
            await command.Connection!.OpenAsync();
            if (!isAutomatic)
            {
                await command.PrepareAsync();
            }

            for (int i = 0; i < 3; i++)
            {
                Assert.Equal((7, 3), await ReadAsync(command));
            }
        }

        // Four bytes of a bigint would be another number, and a row with more columns breaks the connection: it gets the error, and asks again.
        await postgres.Cluster.ScalarAsync($"ALTER TABLE {table} {change}");
        foreach (NpgsqlCommand command in commands)
        {
            PostgresException error = await Assert.ThrowsAsync<PostgresException>(() => ReadAsync(command));
            Assert.Equal(("0A000", "cached plan must not change result type"), (error.SqlState, error.MessageText));
        }

        foreach (NpgsqlCommand command in commands.Concat(commands))
        {
            Assert.Equal((7, columns), await ReadAsync(command));
        }

        foreach (NpgsqlCommand command in commands)
        {
            await command.DisposeAsync();
            await command.Connection!.DisposeAsync();
        }

        await postgres.Cluster.ScalarAsync($"DROP TABLE {table}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Npgsql_gets_the_rows_of_its_own_search_path(bool isInTransaction)
    {
        string[] schemas = [$"changed_one_{isInTransaction}", $"changed_two_{isInTransaction}"];
        await postgres.Cluster.ScalarAsync($"CREATE SCHEMA {schemas[0]} CREATE TABLE t (id int, word text)");
        await postgres.Cluster.ScalarAsync($"CREATE SCHEMA {schemas[1]} CREATE TABLE t (id bigint, word text, last int)");
        await using PoolerProcess pooler = await StartAsync(servers: 1, ("session_state_tracking", "replay"));
        NpgsqlCommand[] commands =
        [
            .. schemas.Select(_ => new NpgsqlCommand("SELECT * FROM t", new NpgsqlConnection(pooler.ConnectionString(more: "Pooling=false;")))),
        ];
        for (int i = 0; i < schemas.Length; i++)
        {
            await postgres.Cluster.ScalarAsync($"INSERT INTO {schemas[i]}.t VALUES ({i}, 'word')");
            await commands[i].Connection!.OpenAsync();
            await using NpgsqlCommand set = new($"SET search_path = {schemas[i]}", commands[i].Connection);
            await set.ExecuteNonQueryAsync();
            await commands[i].PrepareAsync();
        }

        for (int i = 0; i < 6; i++)
        {
            NpgsqlCommand command = commands[i % 2];
            await using NpgsqlTransaction? transaction = isInTransaction ? await command.Connection!.BeginTransactionAsync() : null;
            command.Transaction = transaction;
            Assert.Equal((i % 2, 2 + (i % 2)), await ReadAsync(command));
        }

        for (int i = 0; i < schemas.Length; i++)
        {
            await commands[i].DisposeAsync();
            await commands[i].Connection!.DisposeAsync();
            await postgres.Cluster.ScalarAsync($"DROP SCHEMA {schemas[i]} CASCADE");
        }
    }

    private static async Task<(long Id, int Columns)> ReadAsync(NpgsqlCommand command)
    {
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        Assert.Equal("word", reader.GetString(1));
        return (Convert.ToInt64(reader.GetValue(0), System.Globalization.CultureInfo.InvariantCulture), reader.FieldCount);
    }

    private static async Task<int> ReadAsync(NpgsqlDataSource source, string table, bool prepares, Action begin, CancellationToken end)
    {
        int count = 0;
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(CancellationToken.None);
        await using NpgsqlCommand command = new($"SELECT * FROM {table} WHERE id = $1", connection) { Parameters = { new NpgsqlParameter<int> { TypedValue = 7 } } };
        if (prepares)
        {
            await command.PrepareAsync(CancellationToken.None);
        }

        while (!end.IsCancellationRequested)
        {
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(CancellationToken.None);
            Assert.True(await reader.ReadAsync(CancellationToken.None));
            Assert.Equal((7, "word"), (reader.GetInt32(0), reader.GetString(1)));
            if (++count == 3)
            {
                begin();
            }
        }

        return count;
    }

    private Task<PoolerProcess> StartAsync(int servers = 3, params (string Key, string? Value)[] more) =>
        PoolerProcess.StartAsync(PoolerOptions.For(postgres.Cluster, [("pool_mode", "transaction"), ("default_pool_size", $"{servers}"), .. more]));
}
