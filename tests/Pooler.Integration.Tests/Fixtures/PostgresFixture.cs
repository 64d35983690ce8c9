using Pooler.Testing.Postgres;

namespace Pooler.Integration.Tests.Fixtures;

/// <summary>Gives a test class the shared cluster, so that its classes run in parallel and pay for one server only.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    public PostgresCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync() => Cluster = await SharedCluster.GetAsync();

    public Task DisposeAsync() => Task.CompletedTask;
}
