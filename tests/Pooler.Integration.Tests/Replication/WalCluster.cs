using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;

namespace Pooler.Integration.Tests.Replication;

/// <summary>A cluster of its own whose WAL can be decoded, and summarized where the server can do that.</summary>
public sealed class WalCluster : IAsyncLifetime
{
    private static readonly string[] Settings =
    [
        "wal_level = logical", "wal_keep_size = 256MB", "wal_receiver_status_interval = 1", "wal_retrieve_retry_interval = 500ms", "logical_decoding_work_mem = 64kB",
    ];

    public PostgresCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync() =>
        Cluster = await PostgresCluster.StartAsync([.. Settings, .. await PostgresBinaries.ServerVersionAsync() >= 17 ? ["summarize_wal = on"] : Array.Empty<string>()]);

    public async Task DisposeAsync() => await Cluster.DisposeAsync();

    /// <summary>A pooler in transaction mode in front of it, whose `*` is the cluster's database of that name.</summary>
    internal async Task<PoolerProcess> StartPoolerAsync(params (string Key, string? Value)[] settings)
    {
        await Requires.VersionAsync(1, 23);
        PoolerOptions options = PoolerOptions.For(Cluster, [("pool_mode", "transaction"), ("default_pool_size", "5"), .. settings]);

        // The name that PostgreSQL's programs give for a connection to no database.
        options.Databases["replication"] = options.ConnectionString(Cluster, "app");
        options.Databases["*"] = $"host={Cluster.Host} port={Cluster.Port}";
        return await PoolerProcess.StartAsync(options);
    }
}
