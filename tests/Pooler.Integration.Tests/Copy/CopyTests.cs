using System.Text;
using Npgsql;
using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Copy;

/// <summary>COPY and large results in both directions: complete, and never held in the pooler's memory.</summary>
public sealed class CopyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int Lines = 100_000;

    // Far below the 100 MB that pass through, far above what a runtime needs to warm up.
    private const long MayGrow = 48L * 1024 * 1024;

    [Fact]
    public async Task A_hundred_megabytes_out_keep_the_memory_bounded()
    {
        await using PoolerProcess pooler = await StartWarmAsync();
        long before = pooler.PeakMemory();
        using RawClient client = await pooler.LogInAsync();
        await client.SendAsync(FrontendMessages.Query($"COPY (SELECT repeat('x', 1000) FROM generate_series(1, {Lines})) TO STDOUT"));
        long bytes = 0;
        int rows = 0;
        BackendMessage message;
        do
        {
            message = (await client.ReadAsync())!;
            if (message.Type == 'd')
            {
                rows++;
                bytes += message.Body.Length;
            }
        }
        while (message.Type != 'Z');

        Assert.Equal(Lines, rows);
        Assert.Equal(Lines * 1001L, bytes);
        Assert.InRange(pooler.PeakMemory() - before, 0, MayGrow);
    }

    [Fact]
    public async Task A_hundred_megabytes_in_keep_the_memory_bounded()
    {
        await using PoolerProcess pooler = await StartWarmAsync();
        long before = pooler.PeakMemory();
        await using NpgsqlConnection connection = await pooler.OpenAsync(more: "No Reset On Close=true;Max Auto Prepare=0;");
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync(connection, "CREATE TEMP TABLE copied (t text) ON COMMIT DROP");
        string line = new string('y', 999) + "\n";
        await using (TextWriter writer = await connection.BeginTextImportAsync("COPY copied FROM STDIN"))
        {
            for (int i = 0; i < Lines; i++)
            {
                await writer.WriteAsync(line);
            }
        }

        await using NpgsqlCommand count = new("SELECT count(*) || ' ' || sum(length(t)) FROM copied", connection);
        Assert.Equal($"{Lines} {Lines * 999L}", await count.ExecuteScalarAsync());
        Assert.InRange(pooler.PeakMemory() - before, 0, MayGrow);
    }

    [Fact]
    public async Task One_value_of_64_megabytes_is_not_held_in_memory()
    {
        await using PoolerProcess pooler = await StartWarmAsync();
        long before = pooler.PeakMemory();
        using RawClient client = await pooler.LogInAsync();
        QueryResult result = await client.QueryAsync("SELECT repeat('z', 64 * 1024 * 1024)");
        Assert.Equal(64 * 1024 * 1024, result.Scalar!.Length);
        Assert.InRange(pooler.PeakMemory() - before, 0, MayGrow);
    }

    [Fact]
    public async Task A_client_that_does_not_read_slows_its_server_down_and_nobody_else()
    {
        await using PoolerProcess pooler = await StartWarmAsync();
        long before = pooler.PeakMemory();
        using RawClient lazy = await pooler.LogInAsync();
        string? server = (await lazy.QueryAsync("SELECT pg_backend_pid()")).Scalar;
        await lazy.SendAsync(FrontendMessages.Query($"SELECT repeat('x', 1000) FROM generate_series(1, {Lines})"));
        using RawClient busy = await pooler.LogInAsync();
        await Wait.UntilAsync(
            async () => await postgres.Cluster.ScalarAsync($"SELECT wait_event FROM pg_stat_activity WHERE wait_event = 'ClientWrite' AND query LIKE 'SELECT repeat(''x''%{Lines}%'") is "ClientWrite",
            "the server waits for the client");
        Assert.Equal("1", (await busy.QueryAsync("SELECT 1")).Scalar);
        Assert.InRange(pooler.PeakMemory() - before, 0, MayGrow);
        Assert.Equal(Lines, (await lazy.ReadResultAsync()).Rows.Count);
        Assert.NotNull(server);
    }

    [Fact]
    public async Task Binary_copy_with_npgsql_works_in_both_directions()
    {
        await using PoolerProcess pooler = await StartWarmAsync();
        await using NpgsqlConnection connection = await pooler.OpenAsync(more: "No Reset On Close=true;Max Auto Prepare=0;");
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync(connection, "CREATE TEMP TABLE copied (n int, t text) ON COMMIT DROP");
        await using (NpgsqlBinaryImporter importer = await connection.BeginBinaryImportAsync("COPY copied FROM STDIN (FORMAT binary)"))
        {
            for (int i = 0; i < 10_000; i++)
            {
                await importer.WriteRowAsync(CancellationToken.None, i, $"text {i}");
            }

            await importer.CompleteAsync();
        }

        await using NpgsqlBinaryExporter exporter = await connection.BeginBinaryExportAsync("COPY copied TO STDOUT (FORMAT binary)");
        int rows = 0;
        while (await exporter.StartRowAsync() > 0)
        {
            Assert.Equal(rows, await exporter.ReadAsync<int>());
            Assert.Equal($"text {rows++}", await exporter.ReadAsync<string>());
        }

        Assert.Equal(10_000, rows);
    }

    [Fact]
    public async Task A_copy_that_the_client_gives_up_leaves_the_server_usable()
    {
        await using PoolerProcess pooler = await StartWarmAsync();
        await postgres.Cluster.ScalarAsync("CREATE TABLE IF NOT EXISTS given_up (t text)");
        using RawClient client = await pooler.LogInAsync();
        await client.SendAsync(FrontendMessages.Query("COPY given_up FROM STDIN"));
        Assert.Equal('G', (await client.ReadAsync())!.Type);
        await client.SendAsync(FrontendMessages.CopyData("one\n"u8), FrontendMessages.CopyFail("changed my mind"));
        QueryResult result = await client.ReadResultAsync();
        Assert.Equal("EZ", result.Types);
        Assert.Contains("changed my mind", result.Errors[0].Message, StringComparison.Ordinal);
        Assert.Equal("0", (await client.QueryAsync("SELECT count(*) FROM given_up")).Scalar);
        Assert.Equal(0, await pooler.PoolCountAsync("sv_active"));
    }

    [Fact]
    public async Task A_copy_that_the_server_refuses_in_the_middle_ignores_the_rest()
    {
        await using PoolerProcess pooler = await StartWarmAsync();
        await postgres.Cluster.ScalarAsync("CREATE TABLE IF NOT EXISTS refused (n int)");
        using RawClient client = await pooler.LogInAsync();
        byte[] numbers = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("1\n", 1000)));
        await client.SendAsync(FrontendMessages.Query("COPY refused FROM STDIN"));
        Assert.Equal('G', (await client.ReadAsync())!.Type);
        await client.SendAsync(FrontendMessages.CopyData("not a number\n"u8));
        for (int i = 0; i < 50; i++)
        {
            await client.SendAsync(FrontendMessages.CopyData(numbers));
        }

        await client.SendAsync(FrontendMessages.CopyDone());
        QueryResult result = await client.ReadResultAsync();
        Assert.Equal("EZ", result.Types);
        Assert.Equal("22P02", result.Errors[0].SqlState);
        Assert.Equal("0", (await client.QueryAsync("SELECT count(*) FROM refused")).Scalar);
    }

    [Fact]
    public async Task Copy_by_the_extended_protocol_expects_one_answer_for_the_last_sync()
    {
        await using PoolerProcess pooler = await StartWarmAsync();
        await postgres.Cluster.ScalarAsync("CREATE TABLE IF NOT EXISTS extended_copy (n int)");
        using RawClient client = await pooler.LogInAsync();
        await client.SendAsync(
            FrontendMessages.Parse(string.Empty, "COPY extended_copy FROM STDIN"), FrontendMessages.Bind(string.Empty, string.Empty),
            FrontendMessages.Execute(string.Empty), FrontendMessages.Sync());
        Assert.Equal('1', (await client.ReadAsync())!.Type);
        Assert.Equal('2', (await client.ReadAsync())!.Type);
        Assert.Equal('G', (await client.ReadAsync())!.Type);
        await client.SendAsync(FrontendMessages.CopyData("5\n6\n"u8), FrontendMessages.CopyDone(), FrontendMessages.Sync());
        QueryResult result = await client.ReadResultAsync();
        Assert.Equal("CZ", result.Types);
        Assert.Equal("COPY 2", result.Tags[0]);
        Assert.Equal("11", (await client.QueryAsync("SELECT sum(n) FROM extended_copy; TRUNCATE extended_copy")).Scalar);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A pooler that has moved some data already, so that later growth is due to the data and not to the start.</summary>
    private async Task<PoolerProcess> StartWarmAsync()
    {
        PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "transaction"));
        using RawClient client = await pooler.LogInAsync();
        await client.QueryAsync("SELECT repeat('x', 1000) FROM generate_series(1, 1000)");
        return pooler;
    }
}
