using System.Text.RegularExpressions;
using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;

namespace Pooler.Integration.Tests.Programs;

/// <summary>pgbench's loads run through the pooler without an error and with every transaction done.</summary>
public sealed class PgbenchTests(PgbenchFixture postgres) : IClassFixture<PgbenchFixture>
{
    [Theory]
    [InlineData("session", "simple", true)]
    [InlineData("session", "extended", true)]
    [InlineData("session", "prepared", true)]
    [InlineData("session", "simple", false)]
    [InlineData("session", "prepared", false)]
    [InlineData("transaction", "simple", true)]
    [InlineData("transaction", "extended", true)]
    [InlineData("transaction", "prepared", true)]
    [InlineData("transaction", "simple", false)]
    [InlineData("transaction", "extended", false)]
    [InlineData("statement", "simple", true)]
    [InlineData("statement", "prepared", true)]
    public async Task Every_transaction_succeeds(string mode, string protocol, bool selectOnly)
    {
        const int Clients = 8;
        int each = selectOnly ? 200 : 40;
        PoolerOptions options = PoolerOptions.For(
            postgres.Cluster, ("pool_mode", mode), ("default_pool_size", mode == "session" ? $"{Clients}" : "3"), ("ignore_startup_parameters", "extra_float_digits"));
        options.Databases[PgbenchFixture.Database] = options.ConnectionString(postgres.Cluster, PgbenchFixture.Database);
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);
        List<string> command =
        [
            PostgresBinaries.Client("pgbench"), "-n", "-M", protocol, "-c", $"{Clients}", "-j", "2", "-t", $"{each}",
            "-h", pooler.Host, "-p", $"{pooler.Port}", "-U", "bouncer", PgbenchFixture.Database,
        ];
        if (selectOnly)
        {
            command.Add("-S");
        }

        CommandResult result = await Command.RunAsync(command);
        string output = result.Succeeded();
        Assert.Contains($"number of transactions actually processed: {Clients * each}/{Clients * each}", output, StringComparison.Ordinal);
        Assert.Matches(new Regex(@"number of failed transactions: 0 "), output);
    }

    [SkippableTheory]
    [InlineData("simple")]
    [InlineData("prepared")]
    public async Task Protocol_3_2_makes_no_difference(string protocol)
    {
        await Requires.PoolerAsync();
        await Requires.PostgresAsync(18);
        await Requires.ClientAsync("pgbench", 18);
        PoolerOptions options = PoolerOptions.For(postgres.Cluster, ("pool_mode", "transaction"), ("default_pool_size", "3"), ("server_protocol_version", "3.2"));
        options.Databases[PgbenchFixture.Database] = options.ConnectionString(postgres.Cluster, PgbenchFixture.Database);
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);

        // A thread for each client: in -M prepared a client waits for its Parse while it keeps the others of its thread waiting.
        CommandResult result = await Command.RunAsync(
        [
            PostgresBinaries.Client("pgbench"), "-n", "-M", protocol, "-c", "8", "-j", "8", "-t", "40",
            $"host={pooler.Host} port={pooler.Port} user=bouncer dbname={PgbenchFixture.Database} min_protocol_version=3.2",
        ]);
        Assert.Contains("actually processed: 320/320", result.Succeeded(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_for_every_transaction_works()
    {
        PoolerOptions options = PoolerOptions.For(postgres.Cluster, ("pool_mode", "transaction"), ("default_pool_size", "3"));
        options.Databases[PgbenchFixture.Database] = options.ConnectionString(postgres.Cluster, PgbenchFixture.Database);
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);
        CommandResult result = await Command.RunAsync(
        [
            PostgresBinaries.Client("pgbench"), "-n", "-S", "-C", "-c", "4", "-t", "50", "-h", pooler.Host, "-p", $"{pooler.Port}", "-U", "bouncer",
            PgbenchFixture.Database,
        ]);
        Assert.Contains("actually processed: 200/200", result.Succeeded(), StringComparison.Ordinal);
    }
}
