using System.Text;
using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Drivers;

/// <summary>
/// One driver of the matrix. It goes through the same cases against PostgreSQL and through the pooler and prints a line for each result (values,
/// SQLSTATEs, counts; nothing that depends on a process or on time); both outputs have to be equal. A line begins with the name of its case.
/// </summary>
public abstract class DriverTests(DriverFixture fixture)
{
    /// <summary>The cases that every driver has; most have more.</summary>
    private static readonly string[] CommonCases = ["crud", "prepared", "pipeline", "copy", "cancel", "error", "reconnect"];

    // Fewer servers than the drivers have connections, and fewer statements than they prepare.
    private static readonly (string Key, string? Value)[] TransactionSettings = [("default_pool_size", "3"), ("max_prepared_statements", "5")];

    /// <summary>The driver's name, fit for the name of a database.</summary>
    private protected abstract string Name { get; }

    /// <summary>The cases that it must not leave out.</summary>
    private protected virtual IReadOnlyList<string> Cases => CommonCases;

    /// <summary>What this driver needs beyond the settings of all.</summary>
    private protected virtual IReadOnlyList<(string Key, string? Value)> MoreSettings => [];

    [SkippableTheory]
    [InlineData("transaction")]
    [InlineData("session")]
    public async Task Behaves_as_without_a_pooler(string mode)
    {
        await Requires.PoolerAsync();
        string? missing = await MissingAsync();
        Skip.If(missing is not null, $"{missing} is not installed");
        IReadOnlyList<string> direct = await fixture.DirectAsync(Name, RunAsync);
        Assert.Empty(Cases.Except(direct.Select(CaseOf)));

        string database = await fixture.CreateDatabaseAsync(Name, mode);
        PoolerOptions options = PoolerOptions.For(
            fixture.Cluster,
            [("pool_mode", mode), ("auth_type", "scram-sha-256"), ("ignore_startup_parameters", "extra_float_digits"), .. mode == "transaction" ? TransactionSettings : [], .. MoreSettings]);
        options.Databases[database] = options.ConnectionString(fixture.Cluster, database);
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);
        IReadOnlyList<string> pooled;
        try
        {
            pooled = await RunAsync(new DriverTarget(pooler.Host, pooler.Port, database));
        }
        catch (Exception e)
        {
            Assert.Fail($"{e.Message}\nThe pooler's log:\n{string.Join('\n', pooler.Log().TakeLast(40))}");
            throw;
        }

        string differences = Differences(direct, pooled, mode);
        Assert.True(differences.Length == 0, differences);
        await Wait.UntilAsync(() => IsAtRestAsync(pooler, database), "no server is left in use");
    }

    /// <summary>What the driver needs and the machine has not; null if it can run.</summary>
    private protected abstract Task<string?> MissingAsync();

    /// <summary>Goes through all cases and returns the lines.</summary>
    private protected abstract Task<IReadOnlyList<string>> RunAsync(DriverTarget target);

    private static string CaseOf(string line) => line.Split(' ', 2)[0];

    private static string Differences(IReadOnlyList<string> direct, IReadOnlyList<string> pooled, string mode)
    {
        StringBuilder text = new();
        for (int i = 0; i < Math.Max(direct.Count, pooled.Count); i++)
        {
            string expected = i < direct.Count ? direct[i] : "(nothing)";
            string actual = i < pooled.Count ? pooled[i] : "(nothing)";
            if (expected != actual)
            {
                text.Append($"line {i + 1}\n  direct: {expected}\n  {mode}: {actual}\n");
            }
        }

        return text.ToString();
    }

    private static async Task<bool> IsAtRestAsync(PoolerProcess pooler, string database)
    {
        QueryResult pools = await pooler.AdminAsync("SHOW POOLS");
        int row = pools.Rows.FindIndex(values => values[0] == database);
        return row >= 0 && new[] { "cl_active", "cl_waiting", "sv_active", "sv_active_cancel" }.All(column => pools.Value(row, column) == "0");
    }
}
