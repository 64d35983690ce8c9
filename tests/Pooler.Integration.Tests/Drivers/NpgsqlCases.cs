using System.Data;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Pooler.Testing;

namespace Pooler.Integration.Tests.Drivers;

/// <summary>The cases of the matrix for Npgsql: simple ones here, the others by topic.</summary>
internal sealed partial class NpgsqlCases(NpgsqlDataSource source, bool isMultiplexing)
{
    private const string Sleeping = "FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";

    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines => _lines;

    public async Task RunAsync()
    {
        await CrudAsync();
        await TypesAsync();
        await PreparedAsync();
        await PipelineAsync();
        await CopyAsync();
        await ErrorAsync();
        await CancelAsync();
        await ReconnectAsync();
        await ResetAsync();
        await NotifyAsync();
        await SavepointsAsync();
        await CursorsAsync();
        await BigValuesAsync();
        await UnicodeAsync();
    }

    private void Show(string name, string what, object? value) =>
        _lines.Add(string.Create(CultureInfo.InvariantCulture, $"{name} {what}: {value ?? "null"}").ReplaceLineEndings(" "));

    private NpgsqlCommand Command(string sql, params object[] parameters)
    {
        NpgsqlCommand command = source.CreateCommand(sql);
        Add(command.Parameters, parameters);
        return command;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] parameters)
    {
        NpgsqlCommand command = new(sql, connection);
        Add(command.Parameters, parameters);
        return command;
    }

    private static void Add(NpgsqlParameterCollection target, object[] parameters)
    {
        foreach (object parameter in parameters)
        {
            target.Add(new NpgsqlParameter { Value = parameter });
        }
    }

    private static async Task<int> ExecuteAsync(NpgsqlCommand command)
    {
        await using (command)
        {
            return await command.ExecuteNonQueryAsync();
        }
    }

    private static async Task<object?> ScalarAsync(NpgsqlCommand command)
    {
        await using (command)
        {
            return await command.ExecuteScalarAsync();
        }
    }

    /// <summary>All rows of all results: values by comma, rows by bar, results by double bar.</summary>
    private static async Task<string> FetchAsync(NpgsqlCommand command)
    {
        await using (command)
        {
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
            List<string> results = [];
            do
            {
                List<string> rows = [];
                while (await reader.ReadAsync())
                {
                    rows.Add(string.Join(',', Enumerable.Range(0, reader.FieldCount).Select(i => Text(reader.GetValue(i)))));
                }

                results.Add(string.Join('|', rows));
            }
            while (await reader.NextResultAsync());
            return string.Join("||", results);
        }
    }

    private static string Text(object value) => value switch
    {
        Array array => "[" + string.Join(' ', array.Cast<object>().Select(Text)) + "]",
        DBNull => "null",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? string.Empty,
    };

    private static async Task<string> FailureAsync(Func<Task> work)
    {
        try
        {
            await work();
            return "no error";
        }
        catch (PostgresException e)
        {
            return $"{e.Severity} {e.SqlState} {e.MessageText} {e.Detail} {e.Position} {e.ConstraintName}".TrimEnd();
        }
        catch (OperationCanceledException e)
        {
            return $"cancelled {(e.InnerException as PostgresException)?.SqlState}";
        }
        catch (NpgsqlException e)
        {
            return e.GetType().Name;
        }
    }

    private static string Md5(ReadOnlySpan<byte> data) => Convert.ToHexString(MD5.HashData(data));

    private async Task CrudAsync()
    {
        await ExecuteAsync(Command("CREATE TABLE item (id serial PRIMARY KEY, name text UNIQUE, price numeric(10, 2), made date, tags text[])"));
        Show("crud", "returned", await ScalarAsync(Command(
            "INSERT INTO item (name, price, made, tags) VALUES ($1, $2, $3, $4) RETURNING id", "one", 1.50m, new DateOnly(2024, 2, 29), new[] { "a", "b" })));
        for (int i = 0; i < 20; i++)
        {
            await ExecuteAsync(Command("INSERT INTO item (name, price) VALUES ($1, $2)", $"item {i}", (decimal)i));
        }

        Show("crud", "updated", await ExecuteAsync(Command("UPDATE item SET price = price * 2 WHERE price > $1", 10m)));
        Show("crud", "deleted", await ExecuteAsync(Command("DELETE FROM item WHERE name LIKE $1", "item 1%")));
        Show("crud", "rows", await FetchAsync(Command("SELECT id, name, price, made::text, tags FROM item ORDER BY id LIMIT 3")));
        Show("crud", "several statements", await FetchAsync(Command("SELECT 1; SELECT 2, 3; SELECT count(*) FROM item")));
        await using NpgsqlCommand named = source.CreateCommand("SELECT @a::int + @b::int; SELECT @b::int");
        named.Parameters.AddWithValue("a", 1);
        named.Parameters.AddWithValue("b", 2);
        Show("crud", "named parameters", await FetchAsync(named));
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        await using NpgsqlDataReader schema = await Command(connection, "SELECT * FROM item").ExecuteReaderAsync(CommandBehavior.SchemaOnly | CommandBehavior.KeyInfo);
        Show("crud", "schema", string.Join(',', (await schema.GetColumnSchemaAsync()).Select(column => $"{column.ColumnName} {column.DataTypeName} {column.IsKey} {column.AllowDBNull}")));
    }

    private async Task ErrorAsync()
    {
        await ExecuteAsync(Command("CREATE TABLE strict (n int CONSTRAINT strict_key PRIMARY KEY CHECK (n > 0), t varchar(3) NOT NULL)"));
        await ExecuteAsync(Command("INSERT INTO strict VALUES (1, 'a')"));
        foreach ((string name, string sql, object[] parameters) in new (string, string, object[])[]
        {
            ("duplicate", "INSERT INTO strict VALUES ($1, 'b')", [1]), ("check", "INSERT INTO strict VALUES ($1, 'b')", [-1]), ("null", "INSERT INTO strict VALUES (2, NULL)", []),
            ("long", "INSERT INTO strict VALUES (3, $1)", ["four"]), ("syntax", "SELEKT 1", []), ("no table", "SELECT * FROM nowhere WHERE n = $1", [1]),
            ("division", "SELECT 1; SELECT 1 / 0; SELECT 2", []),
        })
        {
            Show("error", name, await FailureAsync(() => FetchAsync(Command(sql, parameters))));
            await using NpgsqlConnection connection = await source.OpenConnectionAsync();
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
            await FailureAsync(() => FetchAsync(Command(connection, sql, parameters)));
            Show("error", name + " again", await FailureAsync(() => FetchAsync(Command(connection, "SELECT 1"))));
            await transaction.RollbackAsync();
        }

        await using NpgsqlConnection noticing = await source.OpenConnectionAsync();
        List<string> notices = [];
        noticing.Notice += (_, e) => notices.Add($"{e.Notice.Severity} {e.Notice.MessageText}");
        await using (NpgsqlTransaction transaction = await noticing.BeginTransactionAsync())
        {
            await ExecuteAsync(Command(noticing, "DO $$ BEGIN RAISE WARNING 'look here'; END $$"));
        }

        Show("error", "notices", string.Join(',', notices));
        Show("error", "rows", await ScalarAsync(Command("SELECT count(*) FROM strict")));
    }

    private async Task CancelAsync()
    {
        foreach (string how in (string[])["token", "server", "timeout"])
        {
            // A connection of its own: with multiplexing the driver cancels nothing that runs on a shared one.
            await using NpgsqlConnection connection = await source.OpenConnectionAsync();
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
            await using NpgsqlCommand command = Command(connection, "SELECT pg_sleep($1)", 60.0);
            using CancellationTokenSource stop = new();
            command.CommandTimeout = how == "timeout" ? 1 : 120;
            Task<string> running = FailureAsync(() => command.ExecuteScalarAsync(stop.Token));
            if (how == "token")
            {
                await UntilSleepingAsync("1");
                await stop.CancelAsync();
            }
            else if (how == "server")
            {
                await UntilSleepingAsync("pg_cancel_backend(pid)");
            }

            Show("cancel", how, await running);
            Show("cancel", "transaction", await FailureAsync(() => FetchAsync(Command(connection, "SELECT 1"))));
            await transaction.RollbackAsync();
            Show("cancel", "afterwards", await FetchAsync(Command(connection, "SELECT 'usable'")));
        }
    }

    private async Task ReconnectAsync()
    {
        Show("reconnect", "own server", await FailureAsync(() => FetchAsync(Command("SELECT pg_terminate_backend(pg_backend_pid())"))));
        await using (NpgsqlConnection connection = await source.OpenConnectionAsync())
        {
            NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
            Task<string> running = FailureAsync(() => FetchAsync(Command(connection, "SELECT pg_sleep($1)", 60.0)));
            await UntilSleepingAsync("pg_terminate_backend(pid)");
            Show("reconnect", "running", await running);
            Show("reconnect", "state", connection.FullState);
            await FailureAsync(async () => await transaction.DisposeAsync());
        }

        Show("reconnect", "new connection", await ScalarAsync(Command("SELECT count(*) FROM strict")));
    }

    private Task UntilSleepingAsync(string select) =>
        Wait.UntilAsync(async () => await ScalarAsync(Command($"SELECT {select} {Sleeping}")) is not null, "a session sleeps", TimeSpan.FromMinutes(1));

    /// <summary>The driver's pool resets a connection before its next use.</summary>
    private async Task ResetAsync()
    {
        for (int i = 0; i < 5; i++)
        {
            await using NpgsqlConnection connection = await source.OpenConnectionAsync();
            await using (NpgsqlTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.Serializable))
            {
                await ExecuteAsync(Command(connection, "SET LOCAL statement_timeout = 0"));
                Show("reset", "in a transaction", await FetchAsync(Command(connection, "SELECT current_setting('transaction_isolation')")));
            }

            Show("reset", "afterwards", await FetchAsync(Command(connection, "SELECT current_setting('transaction_isolation'), $1::int", i)));
        }
    }

    private async Task NotifyAsync()
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        List<string> received = [];
        connection.Notification += (_, e) => received.Add($"{e.Channel} {e.Payload}");
        await using (NpgsqlTransaction transaction = await connection.BeginTransactionAsync())
        {
            await ExecuteAsync(Command(connection, "LISTEN news"));
            await ExecuteAsync(Command(connection, "SELECT pg_notify('news', $1)", "to myself"));
            await transaction.CommitAsync();
        }

        Show("notify", "received", string.Join(',', received));
    }

    private async Task SavepointsAsync()
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync(Command(connection, "CREATE TEMPORARY TABLE steps (n int) ON COMMIT DROP"));
        for (int i = 0; i < 5; i++)
        {
            await transaction.SaveAsync("step");
            await ExecuteAsync(Command(connection, "INSERT INTO steps VALUES ($1)", i));
            if (i % 2 == 1)
            {
                await FailureAsync(() => FetchAsync(Command(connection, "SELECT 1 / 0")));
                await transaction.RollbackAsync("step");
            }
            else
            {
                await transaction.ReleaseAsync("step");
            }
        }

        Show("savepoints", "kept", await FetchAsync(Command(connection, "SELECT array_agg(n ORDER BY n) FROM steps")));
        await transaction.CommitAsync();
    }

    private async Task CursorsAsync()
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync(Command(connection, "DECLARE numbers CURSOR FOR SELECT generate_series(1, 10)"));
        Show("cursors", "fetched", await FetchAsync(Command(connection, "MOVE 5 FROM numbers; FETCH 2 FROM numbers")));
        await using (NpgsqlDataReader reader = await Command(connection, "SELECT n FROM generate_series(1, 100000) n").ExecuteReaderAsync())
        {
            await reader.ReadAsync();
            Show("cursors", "left early", reader.GetInt32(0));
        }

        await transaction.CommitAsync();
        Show("cursors", "gone", await FailureAsync(() => FetchAsync(Command("FETCH 1 FROM numbers"))));
    }

    private async Task BigValuesAsync()
    {
        string text = string.Concat(Enumerable.Repeat("äbcdefghij", 1_000_000));
        Show("big_values", "text", await ScalarAsync(Command("SELECT length($1)", text)));
        Show("big_values", "text back", Md5(Encoding.UTF8.GetBytes((string)(await ScalarAsync(Command("SELECT $1", text)))!)));
        byte[] data = Enumerable.Range(0, 10_000_000).Select(i => (byte)(i * 31)).ToArray();
        Show("big_values", "bytea back", Md5((byte[])(await ScalarAsync(Command("SELECT $1", data)))!));
    }

    private async Task UnicodeAsync()
    {
        const string Text = "äöü € 日本 🐘 'quoted' \\ back";
        Show("unicode", "echo", await FetchAsync(Command("SELECT $1 AS \"spalte ä\", length($1), octet_length($1)", Text)));
        Show("unicode", "NUL", await FailureAsync(() => FetchAsync(Command("SELECT $1::text", "a\0b"))));
        Show("unicode", "afterwards", await FetchAsync(Command("SELECT $1", "usable")));
    }
}
