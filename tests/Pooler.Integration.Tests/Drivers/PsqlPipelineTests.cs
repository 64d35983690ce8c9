using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;

namespace Pooler.Integration.Tests.Drivers;

/// <summary>psql 18: named statements of the protocol and pipelines, typed in by hand, in both versions of the protocol.</summary>
public sealed class PsqlPipelineTests(DriverFixture fixture) : DriverTests(fixture), IClassFixture<DriverFixture>
{
    private static readonly string[] Psql = [PostgresBinaries.Client("psql"), "-X", "-q", "-At", "-v", "VERBOSITY=verbose"];
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);
    private readonly DriverFixture _fixture = fixture;

    private protected override string Name => "psql_pipeline";

    private protected override IReadOnlyList<string> Cases =>
        ["crud", "prepared", "pipeline", "flush", "statements", "transactions", "parameters", "long", "version", "copy", "cancel"];

    private protected override async Task<string?> MissingAsync() =>
        await PostgresBinaries.ClientVersionAsync("psql") < 18 || await PostgresBinaries.ServerVersionAsync() < 18 ? "PostgreSQL 18" : null;

    private protected override async Task<IReadOnlyList<string>> RunAsync(DriverTarget target)
    {
        List<string> lines = [];
        foreach (string version in (string[])["3.0", "3.2"])
        {
            IReadOnlyDictionary<string, string> environment = target.EnvironmentFor(version);
            CommandResult cases = await Command.RunAsync([.. Psql, "-f", DriverPrograms.PathOf("psql_pipeline_cases.sql")], environment, timeout: Timeout);
            lines.AddRange(cases.Succeeded().Split('\n'));
            lines.AddRange(cases.Error.Split('\n').Select(line => "error said: " + line));
            string information = (await Command.RunAsync([.. Psql, "-c", "\\conninfo"], environment)).Succeeded();
            lines.Add("version " + information.Split('\n').Single(line => line.Contains("Protocol Version", StringComparison.Ordinal)));

            // psql itself gives the connection up.
            CommandResult copy = await Command.RunAsync(Psql, environment, "\\startpipeline\nSELECT 'copy before';\nCOPY item TO STDOUT;\n\\endpipeline\n", Timeout);
            lines.Add($"copy in a pipeline: {copy.ExitCode} {copy.Output} {copy.Error}");
            lines.AddRange(await CancelAsync(target, version));
        }

        return lines;
    }

    /// <summary>Ctrl-C while the second of three statements of a pipeline runs.</summary>
    private async Task<List<string>> CancelAsync(DriverTarget target, string version)
    {
        string query = $"SELECT '{target.Database} {version}', pg_sleep(60);";
        string[] commands = ["\\startpipeline", "SELECT 'cancel before';", query, "SELECT 'cancel never';", "\\endpipeline", "SELECT 'cancel afterwards';"];
        await using GuardedProcess psql = GuardedProcess.Start([.. Psql, .. commands.SelectMany(command => new[] { "-c", command })], target.EnvironmentFor(version));
        await ServerActivity.RunningAsync(_fixture.Cluster, query);
        await psql.SignalAsync("INT");
        return [$"cancel exit code: {await psql.WaitForExitAsync(TimeSpan.FromMinutes(1))}", .. psql.Lines().Order(StringComparer.Ordinal).Select(line => "cancel said: " + line)];
    }
}
