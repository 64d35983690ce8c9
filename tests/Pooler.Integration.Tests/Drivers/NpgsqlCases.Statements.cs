using Npgsql;
using NpgsqlTypes;

namespace Pooler.Integration.Tests.Drivers;

/// <content>Types, prepared statements, batches and many callers at once, COPY.</content>
internal sealed partial class NpgsqlCases
{
    /// <summary>The driver asks for the types of a database with its first connection, and again when it is told to.</summary>
    private async Task TypesAsync()
    {
        await ExecuteAsync(Command("CREATE TYPE mood AS ENUM ('sad', 'fine'); CREATE DOMAIN positive AS int CHECK (VALUE > 0)"));
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        await connection.ReloadTypesAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await using NpgsqlCommand command = Command(connection, "SELECT $1, ARRAY['sad', 'fine']::mood[]");
        command.Parameters.Add(new NpgsqlParameter { Value = "fine", DataTypeName = "mood" });
        Show("types", "enum", await FetchAsync(command));
        Show("types", "domain", await FailureAsync(() => FetchAsync(Command(connection, "SELECT $1::positive", -5))));
    }

    private async Task PreparedAsync()
    {
        await ExecuteAsync(Command("CREATE TABLE counted (n int)"));
        for (int i = 0; i < 12; i++)
        {
            await ExecuteAsync(Command("INSERT INTO counted VALUES ($1)", i));
        }

        List<object?> totals = [];
        for (int i = 0; i < 90; i++)
        {
            totals.Add(await ScalarAsync(Command($"SELECT sum(n) + {i % 30} FROM counted WHERE n > $1", i % 7)));
        }

        Show("prepared", "thirty statements", string.Join(',', totals));
        if (!isMultiplexing)
        {
            await using NpgsqlConnection connection = await source.OpenConnectionAsync();
            await using NpgsqlCommand command = new("SELECT $1 + count(*) FROM counted", connection) { Parameters = { new() { NpgsqlDbType = NpgsqlDbType.Integer } } };
            await command.PrepareAsync();
            totals.Clear();
            for (int i = 0; i < 5; i++)
            {
                command.Parameters[0].Value = i;
                totals.Add(await command.ExecuteScalarAsync());
            }

            await command.UnprepareAsync();
            command.Parameters[0].Value = 100;
            totals.Add(await command.ExecuteScalarAsync());
            Show("prepared", "by hand", string.Join(',', totals));
        }

        object?[] sums = await Task.WhenAll(Enumerable.Range(0, 8).Select(async caller =>
        {
            long total = 0;
            for (int i = 0; i < 40; i++)
            {
                total += (int)(await ScalarAsync(Command($"SELECT $1 + $2 + {i % 10}", caller, i)))!;
            }

            return (object?)total;
        }));
        Show("prepared", "callers at once", string.Join(',', sums));
        for (int i = 0; i < 3; i++)
        {
            Show("prepared", "failed", await FailureAsync(() => FetchAsync(Command("SELECT nothing FROM counted WHERE n = $1", i))));
        }

        foreach (int i in (int[])[1, 0, 1])
        {
            Show("prepared", "failed in execution", await FailureAsync(() => FetchAsync(Command("SELECT 1 / $1", i))));
        }
    }

    private async Task PipelineAsync()
    {
        await ExecuteAsync(Command("CREATE TABLE batch (n int PRIMARY KEY, t text)"));
        for (int round = 0; round < 3; round++)
        {
            await using NpgsqlBatch batch = source.CreateBatch();
            for (int i = 0; i < 100; i++)
            {
                NpgsqlBatchCommand command = new("INSERT INTO batch VALUES ($1, $2)");
                Add(command.Parameters, [(round * 100) + i, $"row {i}"]);
                batch.BatchCommands.Add(command);
            }

            batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT count(*) FROM batch"));
            Show("pipeline", "batch", await batch.ExecuteScalarAsync());
        }

        foreach (bool barriers in (bool[])[false, true])
        {
            await using NpgsqlBatch batch = source.CreateBatch();
            batch.EnableErrorBarriers = barriers;
            foreach (int n in (int[])[1000, 1001, 7, 1002, 8, 1003])
            {
                NpgsqlBatchCommand command = new("INSERT INTO batch VALUES ($1, 'broken')");
                Add(command.Parameters, [n]);
                batch.BatchCommands.Add(command);
            }

            Show("pipeline", $"broken batch, barriers {barriers}", await FailureAsync(() => batch.ExecuteNonQueryAsync()));
            Show("pipeline", "kept", await ScalarAsync(Command("SELECT array_to_string(array_agg(n ORDER BY n), ' ') FROM batch WHERE t = 'broken'")));
        }

        // With multiplexing these share connections, each with several Syncs in flight.
        string[] outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(
            i => FailureAsync(() => ExecuteAsync(Command("INSERT INTO batch VALUES ($1, $2)", i % 10 == 9 ? 7 : 10_000 + i, "callers")))));
        Show("pipeline", "callers at once", string.Join(", ", outcomes.GroupBy(outcome => outcome).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Count()} x {group.Key}")));
        Show("pipeline", "rows", await FetchAsync(Command("SELECT count(*), sum(n) FROM batch")));
        long[] values = await Task.WhenAll(Enumerable.Range(0, 300).Select(async i => (long)(await ScalarAsync(Command("SELECT n::bigint FROM batch WHERE n = $1", i % 300)))!));
        Show("pipeline", "each its own", values.Select((value, index) => value == index).All(same => same));
        await Task.WhenAll(Enumerable.Range(0, 12).Select(async i =>
        {
            await using NpgsqlConnection connection = await source.OpenConnectionAsync();
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
            await ExecuteAsync(Command(connection, "INSERT INTO batch VALUES ($1, 'transaction')", 20_000 + i));
            await (i % 3 == 0 ? transaction.RollbackAsync() : transaction.CommitAsync());
        }));
        Show("pipeline", "transactions", await FetchAsync(Command("SELECT count(*), sum(n) FROM batch WHERE t = 'transaction'")));
    }

    private async Task CopyAsync()
    {
        await ExecuteAsync(Command("CREATE TABLE copied (n int, t text)"));
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();

        // Multiplexing wants a transaction around a COPY.
        await using (NpgsqlTransaction transaction = await connection.BeginTransactionAsync())
        {
            await using (NpgsqlBinaryImporter importer = await connection.BeginBinaryImportAsync("COPY copied FROM STDIN (FORMAT binary)"))
            {
                for (int i = 0; i < 10_000; i++)
                {
                    await importer.WriteRowAsync(CancellationToken.None, i, $"line {i} €");
                }

                Show("copy", "binary in", await importer.CompleteAsync());
            }

            await using (TextWriter writer = await connection.BeginTextImportAsync("COPY copied FROM STDIN"))
            {
                for (int i = 0; i < 10_000; i++)
                {
                    await writer.WriteAsync($"{i}\ttext {i}\n");
                }
            }

            using (TextReader reader = await connection.BeginTextExportAsync("COPY (SELECT * FROM copied ORDER BY n, t) TO STDOUT"))
            {
                Show("copy", "out", Md5(System.Text.Encoding.UTF8.GetBytes(await reader.ReadToEndAsync())));
            }

            await using (NpgsqlBinaryExporter exporter = await connection.BeginBinaryExportAsync("COPY (SELECT n FROM copied ORDER BY n) TO STDOUT (FORMAT binary)"))
            {
                long sum = 0;
                while (await exporter.StartRowAsync() != -1)
                {
                    sum += await exporter.ReadAsync<int>();
                }

                Show("copy", "binary out", sum);
            }

            await transaction.CommitAsync();
        }

        await using (NpgsqlTransaction transaction = await connection.BeginTransactionAsync())
        {
            await using (NpgsqlBinaryImporter importer = await connection.BeginBinaryImportAsync("COPY copied FROM STDIN (FORMAT binary)"))
            {
                await importer.WriteRowAsync(CancellationToken.None, 1, "left without a word");
            }

            Show("copy", "aborted", await FailureAsync(() => FetchAsync(Command(connection, "SELECT 1"))));
        }

        foreach ((string name, string sql) in new[]
        {
            ("wrong data", "COPY copied FROM STDIN"), ("no such table", "COPY nowhere FROM STDIN"),
        })
        {
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
            Show("copy", name, await FailureAsync(async () =>
            {
                await using TextWriter writer = await connection.BeginTextImportAsync(sql);
                for (int i = 0; i < 20_000; i++)
                {
                    await writer.WriteAsync(i == 15_000 ? "x\ty\n" : $"{i}\tline\n");
                }
            }));
            await FailureAsync(() => transaction.RollbackAsync());
        }

        Show("copy", "rows", await FetchAsync(Command("SELECT count(*), sum(n) FROM copied")));
    }
}
