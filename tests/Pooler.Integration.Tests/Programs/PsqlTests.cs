using System.Text;
using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;

namespace Pooler.Integration.Tests.Programs;

/// <summary>psql and pg_dump through the pooler.</summary>
public sealed class PsqlTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("session")]
    [InlineData("transaction")]
    public async Task A_script_of_five_thousand_statements_runs_to_its_end(string mode)
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", mode));
        using TestDirectory directory = new("script");
        string table = "script_" + mode;
        StringBuilder script = new($"CREATE TABLE {table} (n int, t text);\n");
        for (int i = 1; i <= 4996; i++)
        {
            script.Append((i % 10) switch
            {
                0 => $"BEGIN; UPDATE {table} SET t = 'changed' WHERE n = {i - 1}; COMMIT;\n",
                5 => $"SELECT count(*) FROM {table};\n",
                _ => $"INSERT INTO {table} VALUES ({i}, 'line {i}');\n",
            });
        }

        script.Append($"SELECT 'rows ' || count(*), 'changed ' || count(*) FILTER (WHERE t = 'changed') FROM {table};\n");
        script.Append($"DROP TABLE {table};\nSELECT 'the end';\n");
        string file = directory.Write("script.sql", script.ToString());
        string output = (await PsqlAsync(pooler, "-f", file)).Succeeded();
        Assert.Contains("rows 3997|changed 499\n", output, StringComparison.Ordinal);
        Assert.EndsWith("the end\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Describing_and_copying_with_backslash_commands_works()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "transaction"));
        using TestDirectory directory = new("script");
        string data = directory.Write("data.txt", "1\tone\n2\ttwo\n");
        string script = directory.Write(
            "script.sql", $"CREATE TABLE described (n int PRIMARY KEY, t text);\n\\copy described from '{data}'\n\\d described\nSELECT sum(n) FROM described;\nDROP TABLE described;\n");
        string output = (await PsqlAsync(pooler, "-f", script)).Succeeded();
        Assert.Contains("n|integer||not null|", output, StringComparison.Ordinal);
        Assert.Contains("\n3\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pg_dump_reads_a_whole_database()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(
            postgres.Cluster, ("pool_mode", "session"), ("ignore_startup_parameters", "extra_float_digits"));
        await postgres.Cluster.ScalarAsync(
            "CREATE TABLE dumped AS SELECT n, 'value ' || n AS t FROM generate_series(1, 5000) n; CREATE VIEW dumped_view AS SELECT * FROM dumped");
        CommandResult dump = await Command.RunAsync(
            [PostgresBinaries.Client("pg_dump"), "-h", pooler.Host, "-p", $"{pooler.Port}", "-U", "bouncer", "-t", "dumped*", "app"]);
        string output = dump.Succeeded();
        await postgres.Cluster.ScalarAsync("DROP VIEW dumped_view; DROP TABLE dumped");
        Assert.Contains("CREATE VIEW public.dumped_view", output, StringComparison.Ordinal);
        Assert.Contains("\n5000\tvalue 5000\n", output, StringComparison.Ordinal);
        Assert.Contains("PostgreSQL database dump complete", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_console_works_from_psql()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster);
        (await PsqlAsync(pooler, "-c", "SELECT 1")).Succeeded();
        Dictionary<string, string> environment = new() { ["PGPASSWORD"] = "adminsecret" };
        string[] console =
        [
            PostgresBinaries.Client("psql"), "-X", "-A", "-h", pooler.Host, "-p", $"{pooler.Port}", "-U", "admin", "-d", "pgbouncer",
        ];
        Assert.StartsWith("version\nPgBouncer ", (await Command.RunAsync([.. console, "-c", "SHOW VERSION"], environment)).Succeeded(), StringComparison.Ordinal);
        string pools = (await Command.RunAsync([.. console, "-c", "SHOW POOLS"], environment)).Succeeded();
        Assert.StartsWith("database|user|cl_active|cl_waiting|", pools, StringComparison.Ordinal);
        Assert.Contains("\napp|bouncer|", pools, StringComparison.Ordinal);
        CommandResult help = await Command.RunAsync([.. console, "-c", "SHOW HELP"], environment);
        Assert.Contains("NOTICE:  Console usage", help.Error, StringComparison.Ordinal);
        CommandResult unknown = await Command.RunAsync([.. console, "-c", "FROBNICATE"], environment);
        Assert.Contains("ERROR:  invalid command 'FROBNICATE', use SHOW HELP;", unknown.Error, StringComparison.Ordinal);
    }

    private static Task<CommandResult> PsqlAsync(PoolerProcess pooler, params string[] arguments) => Command.RunAsync(
    [
        PostgresBinaries.Client("psql"), "-X", "-At", "-v", "ON_ERROR_STOP=1", "-h", pooler.Host, "-p", $"{pooler.Port}", "-U", "bouncer", "-d", "app",
        .. arguments,
    ]);
}
