using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.State;

/// <summary>Session state in psql, with two servers that take turns.</summary>
public sealed class PsqlStateTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("off", false)]
    [InlineData("warn", false)]
    [InlineData("pin", true)]
    [InlineData("replay", true)]
    public async Task A_script_with_a_temporary_table_and_settings(string tracking, bool works)
    {
        await using PoolerProcess pooler = await StateScene.StartAsync(postgres.Cluster, tracking, ("server_round_robin", "1"));
        using (RawClient first = await pooler.LogInAsync())
        using (RawClient second = await pooler.LogInAsync())
        {
            await first.QueryAsync("BEGIN");
            await second.QueryAsync("BEGIN");
            await first.QueryAsync("COMMIT");
            await second.QueryAsync("COMMIT");
        }

        CommandResult result = await Command.RunAsync(
        [
            PostgresBinaries.Client("psql"), "-X", "-A", "-t", "-h", pooler.Host, "-p", $"{pooler.Port}", "-U", "bouncer", "-d", "app",
            "-c", "SET lock_timeout = '1234ms'",
            "-c", "CREATE TEMP TABLE psql_own (id int)",
            "-c", "INSERT INTO psql_own VALUES (7)",
            "-c", "SELECT id, current_setting('lock_timeout') FROM psql_own",
        ]);
        Assert.Equal(works, result.Output.Contains("7|1234ms\n", StringComparison.Ordinal));
        Assert.Equal(works, !result.Error.Contains("relation \"psql_own\" does not exist", StringComparison.Ordinal));
        Assert.Equal(tracking == "warn", result.Error.Contains("NOTICE:  session state (SET lock_timeout) does not outlast", StringComparison.Ordinal));
        Assert.Equal(tracking == "warn", result.Error.Contains("NOTICE:  session state (temporary psql_own) does not outlast", StringComparison.Ordinal));
    }
}
