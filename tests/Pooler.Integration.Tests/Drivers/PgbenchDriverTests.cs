using Npgsql;
using Pooler.Testing;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;

namespace Pooler.Integration.Tests.Drivers;

/// <summary>pgbench: its own tables and scripts and pipelines in every protocol, more clients than servers; what is left in the tables has to add up.</summary>
public sealed class PgbenchDriverTests(DriverFixture fixture) : DriverTests(fixture), IClassFixture<DriverFixture>
{
    private const int Clients = 6;
    private const int Each = 30;

    private const string Pipeline = """
        \startpipeline
        BEGIN;
        UPDATE counter SET n = n + 1 WHERE id = :client_id;
        SELECT n FROM counter WHERE id = :client_id;
        END;
        INSERT INTO step VALUES (:client_id);
        \endpipeline
        """;

    private readonly DriverFixture _fixture = fixture;

    private protected override string Name => "pgbench";

    private protected override IReadOnlyList<string> Cases => ["crud", "prepared", "pipeline", "copy", "connect", "error"];

    private protected override Task<string?> MissingAsync() => Task.FromResult<string?>(null);

    private protected override async Task<IReadOnlyList<string>> RunAsync(DriverTarget target)
    {
        using TestDirectory directory = new("pgbench");
        string pipeline = directory.Write("pipeline.sql", Pipeline);
        string failing = directory.Write("error.sql", "SELECT 1 / (:client_id - 1);\n");
        List<string> lines = [];
        (await PgbenchAsync(target, "-i", "-q", "-s", "1")).Succeeded();
        await using NpgsqlConnection direct = await _fixture.Cluster.OpenAsync(database: target.Database);
        lines.Add($"copy rows: {await ScalarAsync(direct, "SELECT count(*) FROM pgbench_accounts")}");
        await ScalarAsync(direct, "CREATE TABLE counter (id int PRIMARY KEY, n int); CREATE TABLE step (id int); INSERT INTO counter SELECT g, 0 FROM generate_series(0, 9) g");
        foreach (string protocol in (string[])["simple", "extended", "prepared"])
        {
            string name = protocol == "prepared" ? "prepared" : "crud";
            lines.AddRange(await LoadAsync(target, $"{name} {protocol} select", "-S", "-M", protocol));
            lines.AddRange(await LoadAsync(target, $"{name} {protocol}", "-M", protocol));
            lines.AddRange(await LoadAsync(target, $"connect {protocol}", "-S", "-C", "-t", "5", "-M", protocol));
            if (protocol != "simple")
            {
                lines.AddRange(await LoadAsync(target, $"pipeline {protocol}", "-f", pipeline, "-M", protocol));
            }

            CommandResult aborted = await PgbenchAsync(target, "-n", "-c", "3", "-j", "1", "-t", "5", "-f", failing, "-M", protocol);
            lines.Add($"error {protocol}: {aborted.ExitCode}");
            lines.AddRange(aborted.Error.Split('\n').Where(line => line.Contains("ERROR", StringComparison.Ordinal)).Select(line => "error said: " + line));
        }

        // Which amounts come is chance, but every table has to have the same sum.
        lines.Add("crud sums: " + await ScalarAsync(direct, """
            SELECT sum(delta) = (SELECT sum(abalance) FROM pgbench_accounts) AND sum(delta) = (SELECT sum(tbalance) FROM pgbench_tellers)
                AND sum(delta) = (SELECT sum(bbalance) FROM pgbench_branches) FROM pgbench_history
            """));
        lines.Add($"crud history: {await ScalarAsync(direct, "SELECT count(*) FROM pgbench_history")}");
        lines.Add($"pipeline rows: {await ScalarAsync(direct, "SELECT string_agg(n::text, ' ' ORDER BY id) || ' ' || (SELECT count(*) FROM step) FROM counter")}");
        return lines;
    }

    /// <summary>A thread for each client: in -M prepared a client waits for its Parse while it keeps the others of its thread waiting.</summary>
    private static async Task<List<string>> LoadAsync(DriverTarget target, string name, params string[] arguments)
    {
        CommandResult result = await PgbenchAsync(target, ["-n", "-c", $"{Clients}", "-j", $"{Clients}", "-t", $"{Each}", .. arguments]);
        return [.. result.Succeeded().Split('\n').Where(line => line.StartsWith("number of ", StringComparison.Ordinal)).Select(line => $"{name}: {line}")];
    }

    private static Task<CommandResult> PgbenchAsync(DriverTarget target, params string[] arguments) =>
        Command.RunAsync([PostgresBinaries.Client("pgbench"), .. arguments], target.Environment, timeout: TimeSpan.FromMinutes(3));

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
