using System.Globalization;
using System.Text.RegularExpressions;
using Pooler.Testing;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;

namespace Pooler.Integration.Tests.Maintenance;

/// <summary>A pgbench that runs until it is stopped. Its clients end at their first error, which its report then tells.</summary>
internal sealed class PgbenchLoad : ILoadClient
{
    private readonly TestDirectory _directory;
    private readonly GuardedProcess _process;

    private PgbenchLoad(string name, TestDirectory directory, GuardedProcess process)
    {
        Name = name;
        _directory = directory;
        _process = process;
    }

    public string Name { get; }

    public string? Failure => _process.HasExited ? string.Join('\n', _process.Lines()) : null;

    /// <summary>Starts pgbench with these options; <paramref name="host"/> is an address or the directory of a unix socket.</summary>
    public static PgbenchLoad Start(string name, string host, int port, string database, params string[] options)
    {
        TestDirectory directory = new("load");
        string script = directory.Write(
            "script.sql",
            $"""
            \sleep 3 ms
            BEGIN;
            INSERT INTO done (client) VALUES ('{name}');
            SELECT sum(n) FROM generate_series(1, 100) n;
            COMMIT;

            """);

        // It ends in order when its time is over; the signal of that alarm comes from the test.
        string[] command =
        [
            PostgresBinaries.Client("pgbench"), "-n", "-T", "100000", "-f", script, .. options,
            "-h", host, "-p", port.ToString(CultureInfo.InvariantCulture), "-U", "bouncer", database,
        ];
        return new PgbenchLoad(name, directory, GuardedProcess.Start(command));
    }

    public async Task<long> StopAsync()
    {
        if (!_process.HasExited)
        {
            await _process.SignalAsync("ALRM");
        }

        int exitCode = await _process.WaitForExitAsync();
        string report = string.Join('\n', _process.Lines());
        Assert.True(exitCode == 0, $"{Name} ended with {exitCode}:\n{report}");
        Assert.Contains("number of failed transactions: 0 ", report, StringComparison.Ordinal);
        Match processed = Regex.Match(report, "number of transactions actually processed: ([0-9]+)", RegexOptions.CultureInvariant);
        return long.Parse(processed.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _directory.Dispose();
    }
}
