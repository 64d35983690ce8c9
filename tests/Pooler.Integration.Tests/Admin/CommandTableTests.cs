using System.Globalization;
using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Admin;

/// <summary>
/// Every command of the console with its variants, from console-commands.tsv: what it answers, and that an installed PgBouncer that has the command answers the same.
/// </summary>
public sealed class CommandTableTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string ComparedProgram = "/usr/sbin/pgbouncer";

    [Fact]
    public async Task Every_command_answers_as_the_table_says()
    {
        await using PoolerProcess pooler = await StartAsync(null);
        Assert.Empty(await DifferencesAsync(pooler, _ => true));
    }

    [SkippableFact]
    public async Task An_installed_pgbouncer_answers_the_same()
    {
        Skip.IfNot(File.Exists(ComparedProgram), $"no {ComparedProgram} to compare with");
        await using PoolerProcess pooler = await StartAsync(ComparedProgram);
        using RawClient console = await pooler.ConsoleAsync();
        string version = (await console.QueryAsync("SHOW VERSION")).Rows.Count > 0 ? (await console.QueryAsync("SHOW VERSION")).Scalar! : "PgBouncer 0.0";
        Version installed = Version.Parse(version.Split(' ')[1]);
        Assert.Empty(await DifferencesAsync(pooler, since => Version.TryParse(since, out Version? needed) && needed <= installed));
    }

    private static async Task<List<string>> DifferencesAsync(PoolerProcess pooler, Func<string, bool> isThere)
    {
        List<string> differences = [];
        Dictionary<string, RawClient> consoles = new()
        {
            ["admin"] = await pooler.ConsoleAsync(),
            ["other"] = await pooler.ConsoleAsync(),
            ["stats"] = await pooler.ConsoleAsync("stats"),
        };
        int count = 0;
        using StreamReader table = new(typeof(CommandTableTests).Assembly.GetManifestResourceStream("console-commands.tsv")!);
        while (await table.ReadLineAsync() is { } line)
        {
            if (line.StartsWith('#') || line.Split('\t') is not [var who, var since, var command, var expected] || !isThere(since))
            {
                continue;
            }

            count++;
            QueryResult result = await consoles[who].QueryAsync(command);
            string answer = result.Errors is [var error] ? $"{error.SqlState} {error.Message}" : string.Join(", ", result.Tags);
            if (answer != expected)
            {
                differences.Add($"{who}: {command}: {answer}; expected {expected}");
            }
        }

        foreach (RawClient console in consoles.Values)
        {
            console.Dispose();
        }

        Assert.True(count > 50, count.ToString(CultureInfo.InvariantCulture));
        return differences;
    }

    private async Task<PoolerProcess> StartAsync(string? program)
    {
        PoolerOptions options = PoolerOptions.For(postgres.Cluster);
        options.Program = program;
        return await PoolerProcess.StartAsync(options);
    }
}
