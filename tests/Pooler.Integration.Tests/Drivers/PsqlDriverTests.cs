using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;

namespace Pooler.Integration.Tests.Drivers;

/// <summary>psql: simple queries, several in one message, \copy, Ctrl-C, and every word of the errors.</summary>
public class PsqlDriverTests(DriverFixture fixture) : DriverTests(fixture), IClassFixture<DriverFixture>
{
    private static readonly string[] Psql = [PostgresBinaries.Client("psql"), "-X", "-q", "-At", "-v", "VERBOSITY=verbose"];
    private readonly DriverFixture _fixture = fixture;

    private protected override string Name => "psql";

    /// <summary>The version of the protocol that psql has to speak.</summary>
    private protected virtual string ProtocolVersion => "3.0";

    private protected override Task<string?> MissingAsync() => Task.FromResult<string?>(null);

    private protected override async Task<IReadOnlyList<string>> RunAsync(DriverTarget target)
    {
        CommandResult cases = await Command.RunAsync([.. Psql, "-f", DriverPrograms.PathOf("psql_cases.sql")], target.EnvironmentFor(ProtocolVersion), timeout: TimeSpan.FromMinutes(3));
        List<string> lines = [.. cases.Succeeded().Split('\n'), .. cases.Error.Split('\n').Select(line => "error said: " + line)];
        lines.AddRange((await CancelAsync(target)).Select(line => "cancel said: " + line));

        // A second FATAL may follow the server's own; psql shows both.
        CommandResult lost = await Command.RunAsync([.. Psql, "-c", "SELECT pg_terminate_backend(pg_backend_pid())"], target.EnvironmentFor(ProtocolVersion));
        lines.Add($"reconnect lost: {lost.ExitCode} {lost.Error.Split('\n')[0]}");
        CommandResult again = await Command.RunAsync([.. Psql, "-c", "SELECT 'reconnect again: ' || count(*) FROM strict"], target.EnvironmentFor(ProtocolVersion));
        lines.Add(again.Succeeded().Trim());
        return lines;
    }

    /// <summary>Ctrl-C while a query runs, outside a transaction and inside one; psql ends with the first error.</summary>
    private async Task<List<string>> CancelAsync(DriverTarget target)
    {
        List<string> lines = [];
        foreach (string before in (string[])["SELECT 'before'", "BEGIN"])
        {
            string query = $"SELECT '{target.Database} {before.Length}', pg_sleep(60)";
            await using GuardedProcess psql = GuardedProcess.Start([.. Psql, "-v", "ON_ERROR_STOP=1", "-c", before, "-c", query], target.EnvironmentFor(ProtocolVersion));
            await ServerActivity.RunningAsync(_fixture.Cluster, query);
            await psql.SignalAsync("INT");
            lines.Add($"exit code {await psql.WaitForExitAsync(TimeSpan.FromMinutes(1))}");
            lines.AddRange(psql.Lines().Order(StringComparer.Ordinal));
        }

        return lines;
    }
}
