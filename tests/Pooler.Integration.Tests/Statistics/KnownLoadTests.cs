using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Statistics;

/// <summary>SHOW STATS and its kin after loads whose figures are known.</summary>
public sealed class KnownLoadTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string ComparedProgram = "/usr/sbin/pgbouncer";

    /// <summary>The answer to DISCARD ALL, which goes to no client: CommandComplete and ReadyForQuery.</summary>
    private const long ResetBytes = 17 + 6;

    [Theory]
    [InlineData("session")]
    [InlineData("transaction")]
    [InlineData("statement")]
    public async Task Every_counter_is_what_the_load_must_add(string mode)
    {
        await using PoolerProcess pooler = await StartAsync(mode);

        Dictionary<string, long> login = await StatisticsRow.AddedAsync(pooler, async () => (await pooler.LogInAsync()).Dispose());
        Assert.Equal(1, login.GetValueOrDefault("client_login_count", 1));
        Assert.True(login["wait_time"] > 0, "the wait for the first server");
        foreach (KnownLoad load in Loads(mode))
        {
            CountingClient counting = null!;
            Dictionary<string, long> added = await StatisticsRow.AddedAsync(pooler, async () => counting = await RunAsync(pooler, load));
            long assignments = mode == "session" ? Math.Min(1, load.Queries) : load.Assignments ?? load.Transactions;
            long reset = mode == "session" ? assignments * ResetBytes : 0;
            Assert.Equal((load.Name, load.Queries, load.Transactions), (load.Name, added["query_count"], added["xact_count"]));
            Assert.Equal((load.Name, counting.Sent, counting.Received + reset), (load.Name, added["bytes_received"], added["bytes_sent"]));
            Assert.Equal((load.Name, assignments, load.Logins), (load.Name, added.GetValueOrDefault("server_assignment_count", assignments), added.GetValueOrDefault("client_login_count", load.Logins)));
            Assert.Equal(0, added.GetValueOrDefault("client_parse_count") + added.GetValueOrDefault("server_parse_count") + added.GetValueOrDefault("bind_count"));
            Assert.InRange(added["query_time"], load.AtLeast, 20_000_000);
            Assert.InRange(added["xact_time"], added["query_time"], 20_000_000);
        }
    }

    [SkippableTheory]
    [InlineData("session")]
    [InlineData("transaction")]
    [InlineData("statement")]
    public async Task The_counters_are_those_of_an_installed_pgbouncer(string mode)
    {
        Skip.IfNot(File.Exists(ComparedProgram), $"no {ComparedProgram} to compare with");
        await using PoolerProcess pooler = await StartAsync(mode);
        await using PoolerProcess other = await StartAsync(mode, ComparedProgram);
        foreach (KnownLoad load in Loads(mode))
        {
            Dictionary<string, long> ours = await StatisticsRow.AddedAsync(pooler, () => RunAsync(pooler, load));
            Dictionary<string, long> theirs = await StatisticsRow.AddedAsync(other, () => RunAsync(other, load));
            string[] counts = [.. theirs.Keys.Where(name => !name.EndsWith("_time", StringComparison.Ordinal))];
            Assert.Equal(Text(load, counts, theirs), Text(load, counts, ours));
        }
    }

    [Fact]
    public async Task Time_in_the_queue_is_time_waited_and_part_of_the_query()
    {
        await using PoolerProcess pooler = await StartAsync("transaction");
        using (RawClient first = await pooler.LogInAsync())
        using (RawClient second = await pooler.LogInAsync())
        {
            Dictionary<string, long> added = await StatisticsRow.AddedAsync(pooler, async () =>
            {
                await first.QueryAsync("BEGIN");
                await second.SendAsync(FrontendMessages.Query("SELECT pg_sleep(0.2)"));
                await Wait.UntilAsync(async () => await pooler.PoolCountAsync("cl_waiting") == 1, "the second client waits");
                await first.QueryAsync("SELECT pg_sleep(0.6)");
                await first.QueryAsync("COMMIT");
                await second.ReadResultAsync();
                await first.SendAsync(FrontendMessages.Terminate());
                await second.SendAsync(FrontendMessages.Terminate());
            });
            Assert.Equal((4, 2), (added["query_count"], added["xact_count"]));

            // At the server 0.8 seconds in all; what the second waited is in its query as well.
            Assert.InRange(added["wait_time"], 600_000, 60_000_000);
            Assert.InRange(added["query_time"], 800_000 + added["wait_time"], 60_000_000);
            Assert.InRange(added["xact_time"], added["query_time"], 120_000_000);
        }
    }

    [Fact]
    public async Task A_benchmark_is_counted_to_the_last_transaction()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(
            postgres.Cluster, ("pool_mode", "transaction"), ("default_pool_size", "3"), ("ignore_startup_parameters", "extra_float_digits"));
        File.WriteAllText(Path.Combine(pooler.Directory, "script.sql"), "BEGIN;\nSELECT 1;\nCOMMIT;\nSELECT 2;\n");
        Dictionary<string, long> added = await StatisticsRow.AddedAsync(pooler, async () => (await Command.RunAsync(
        [
            PostgresBinaries.Client("pgbench"), "-n", "-c", "6", "-j", "2", "-t", "50", "-f", Path.Combine(pooler.Directory, "script.sql"),
            "-h", pooler.Host, "-p", $"{pooler.Port}", "-U", "bouncer", "app",
        ])).Succeeded());

        // pgbench opens one more connection before its clients, and looks at nothing there without tables.
        Assert.Equal((6 * 50 * 4, 6 * 50 * 2), (added["query_count"], added["xact_count"]));
        Assert.Equal(added["xact_count"], added.GetValueOrDefault("server_assignment_count", added["xact_count"]));
    }

    [Fact]
    public async Task The_tables_agree_with_each_other()
    {
        await using PoolerProcess pooler = await StartAsync("transaction");
        await RunAsync(pooler, KnownLoads.All[^2]);
        await StatisticsRow.AddedAsync(pooler, () => Task.CompletedTask);
        Dictionary<string, long> both = await StatisticsRow.ReadAsync(pooler, "SHOW STATS");
        Dictionary<string, long> totals = await StatisticsRow.ReadAsync(pooler);
        Dictionary<string, long> averages = await StatisticsRow.ReadAsync(pooler, "SHOW STATS_AVERAGES");
        Assert.Equal(totals.Count, averages.Count);
        Assert.Equal(totals.Values, both.Values.Take(totals.Count));
        Assert.True(both.Keys.Skip(totals.Count).All(name => name.StartsWith("avg_", StringComparison.Ordinal)));

        // Means per item do not depend on the moment.
        Assert.Equal(totals["query_time"] / totals["query_count"], averages["query_time"]);
        Assert.Equal(totals["xact_time"] / totals["xact_count"], averages["xact_time"]);
        Assert.InRange(averages["bytes_sent"], 1, totals["bytes_sent"]);

        // SHOW TOTALS adds the console's own row.
        QueryResult sums = await pooler.AdminAsync("SHOW TOTALS");
        Dictionary<string, long> sum = sums.Rows.ToDictionary(row => row[0]!, row => long.Parse(row[1]!, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(totals["bytes_received"], sum["total_client_bytes"]);
        Assert.Equal(totals["bytes_sent"], sum["total_server_bytes"]);
        Assert.Equal(totals["wait_time"], sum["total_wait_time"]);
        Dictionary<string, long> console = await StatisticsRow.ReadAsync(pooler, database: "pgbouncer");
        Assert.InRange(sum["total_query_count"], totals["query_count"] + 1, totals["query_count"] + console["query_count"]);
        Assert.Equal((0, 0, 0), (console["bytes_received"], console["bytes_sent"], console["wait_time"]));
        Assert.Equal(console["query_count"], console["xact_count"]);
    }

    [Fact]
    public async Task A_console_session_is_one_query_however_many_commands_it_gives()
    {
        await using PoolerProcess pooler = await StartAsync("session");
        long before = (await StatisticsRow.ReadAsync(pooler, database: "pgbouncer"))["query_count"];
        using (RawClient console = await pooler.ConsoleAsync())
        {
            for (int i = 0; i < 5; i++)
            {
                await console.QueryAsync("SHOW VERSION");
            }
        }

        Assert.Equal(before + 2, (await StatisticsRow.ReadAsync(pooler, database: "pgbouncer"))["query_count"]);
    }

    private static IEnumerable<KnownLoad> Loads(string mode) => mode == "statement" ? KnownLoads.All : KnownLoads.All.Concat(KnownLoads.Transactions);

    private static async Task<CountingClient> RunAsync(PoolerProcess pooler, KnownLoad load)
    {
        using RawClient client = await pooler.LogInAsync();
        CountingClient counting = new(client);
        await load.Run(counting);
        await client.SendAsync(FrontendMessages.Terminate());
        return counting;
    }

    private static string Text(KnownLoad load, IEnumerable<string> names, Dictionary<string, long> row) =>
        load.Name + ": " + string.Join(", ", names.Select(name => $"{name} {row[name]}"));

    private async Task<PoolerProcess> StartAsync(string mode, string? program = null)
    {
        await postgres.Cluster.ScalarAsync("CREATE TABLE IF NOT EXISTS counted (a int)");
        PoolerOptions options = PoolerOptions.For(postgres.Cluster, ("pool_mode", mode), ("default_pool_size", "1"));
        options.Program = program;
        if (program is null)
        {
            // The one to compare with passes named statements on as they are.
            options.Settings["max_prepared_statements"] = "0";
        }

        return await PoolerProcess.StartAsync(options);
    }
}
