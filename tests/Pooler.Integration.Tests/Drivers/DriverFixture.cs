using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Postgres;

namespace Pooler.Integration.Tests.Drivers;

/// <summary>The shared cluster, and what a class's driver prints when it talks to PostgreSQL itself: found once for all modes.</summary>
public sealed class DriverFixture : IAsyncLifetime
{
    private Task<IReadOnlyList<string>>? _direct;

    public PostgresCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync() => Cluster = await SharedCluster.GetAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>A new database; the tests of one class run one after the other.</summary>
    internal async Task<string> CreateDatabaseAsync(string driver, string mode)
    {
        string name = $"driver_{driver}_{mode}";
        await Cluster.ScalarAsync($"CREATE DATABASE {name}");
        return name;
    }

    /// <summary>The lines of the run without a pooler; its failure is that of every mode.</summary>
    internal Task<IReadOnlyList<string>> DirectAsync(string driver, Func<DriverTarget, Task<IReadOnlyList<string>>> run) =>
        _direct ??= RunDirectAsync(driver, run);

    private async Task<IReadOnlyList<string>> RunDirectAsync(string driver, Func<DriverTarget, Task<IReadOnlyList<string>>> run) =>
        await run(new DriverTarget(Cluster.Host, Cluster.Port, await CreateDatabaseAsync(driver, "direct")));
}
