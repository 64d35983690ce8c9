using System.Text.Json;
using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Logging;

/// <summary>pgBadger recognises the log as PgBouncer's and counts in it what has happened.</summary>
public sealed class PgBadgerTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Program = "/usr/bin/pgbadger";

    [SkippableFact]
    public async Task The_report_has_every_connection_and_every_error()
    {
        Skip.IfNot(File.Exists(Program), $"{Program} is not installed");
        using TestDirectory directory = new("badger");
        string log = Path.Combine(directory.Path, "pooler.log");
        PoolerOptions options = PoolerOptions.For(postgres.Cluster, ("auth_type", "md5"), ("pool_mode", "transaction"), ("logfile", log));
        options.Databases["broken"] = options.ConnectionString(postgres.Cluster, "nowhere");
        await using (PoolerProcess pooler = await PoolerProcess.StartAsync(options))
        {
            for (int i = 0; i < 5; i++)
            {
                using RawClient client = await pooler.LogInAsync();
                await client.QueryAsync("SELECT 1");
            }

            for (int i = 0; i < 3; i++)
            {
                await RefusedAsync(pooler, "ghost", "app");
            }

            await RefusedAsync(pooler, "bouncer", "gone");
            await RefusedAsync(pooler, "bouncer", "gone");
            await RefusedAsync(pooler, "bouncer", "broken");
            await Assert.ThrowsAsync<ServerErrorException>(() => pooler.LogInAsync(parameters: ("foo", "bar")));
            await pooler.AdminAsync("NONSENSE");
            await pooler.WaitForLogAsync("pooler error: invalid command 'NONSENSE'");
        }

        string report = Path.Combine(directory.Path, "report.json");
        (await Command.RunAsync([Program, "-q", "-x", "json", "-o", report, log])).Succeeded();
        using JsonDocument json = JsonDocument.Parse(await File.ReadAllTextAsync(report));
        JsonElement root = json.RootElement;
        JsonElement connections = root.GetProperty("pgb_connection_info");
        Assert.Equal(12, connections.GetProperty("count").GetInt32());
        Assert.Equal("app 8, broken 1, gone 2, pgbouncer 1", Counts(connections.GetProperty("database")));
        Assert.Equal("admin 1, bouncer 8, ghost 3", Counts(connections.GetProperty("user")));

        // Two of the client whose server refused the login, two of the parameter; of the command only the line with a colon, as pgBadger has it.
        JsonElement errors = root.GetProperty("pgb_error_info");
        Assert.Equal(10, root.GetProperty("pgb_overall_stat").GetProperty("errors_number").GetInt32());
        Assert.Equal(3, Error(errors, "pooler error: password authentication failed"));
        Assert.Equal(2, Error(errors, "pooler error: no such database: gone"));
        Assert.Equal(1, Error(errors, "server login failed: FATAL database \"...\" does not exist"));
        Assert.Equal(1, Error(errors, "pooler error: database \"...\" does not exist"));
        Assert.Equal(1, Error(errors, "pooler error: unsupported startup parameter: foo"));
    }

    private static Task RefusedAsync(PoolerProcess pooler, string user, string database) =>
        Assert.ThrowsAsync<ServerErrorException>(() => pooler.LogInAsync(user, database));

    private static string Counts(JsonElement table) =>
        string.Join(", ", table.EnumerateObject().OrderBy(entry => entry.Name, StringComparer.Ordinal).Select(entry => $"{entry.Name} {entry.Value.GetInt32()}"));

    private static int Error(JsonElement errors, string text) =>
        errors.EnumerateObject().Where(entry => entry.Name.EndsWith(text, StringComparison.Ordinal)).Sum(entry => entry.Value.GetProperty("count").GetInt32());
}
