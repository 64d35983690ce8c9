using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;

namespace Pooler.Integration.Tests.Programs;

/// <summary>The shared cluster with pgbench's tables in a database of their own.</summary>
public sealed class PgbenchFixture : IAsyncLifetime
{
    public const string Database = "bench";

    public PostgresCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Cluster = await SharedCluster.GetAsync();
        await Cluster.ScalarAsync($"CREATE DATABASE {Database}");
        (await Command.RunAsync(
        [
            PostgresBinaries.Client("pgbench"), "-i", "-q", "-s", "1", "-h", Cluster.Host, "-p", $"{Cluster.Port}", "-U", "bouncer", Database,
        ])).Succeeded();
    }

    public Task DisposeAsync() => Task.CompletedTask;
}
