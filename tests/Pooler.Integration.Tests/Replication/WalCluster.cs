using Pooler.Testing.Postgres;

namespace Pooler.Integration.Tests.Replication;

/// <summary>A cluster of its own whose WAL can be decoded.</summary>
public sealed class WalCluster : IAsyncLifetime
{
    public PostgresCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync() => Cluster = await PostgresCluster.StartAsync("wal_level = logical", "wal_keep_size = 256MB", "wal_receiver_status_interval = 1", "wal_retrieve_retry_interval = 500ms");

    public async Task DisposeAsync() => await Cluster.DisposeAsync();
}
