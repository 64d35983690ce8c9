using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Queries;

/// <summary>A pooler in transaction mode with a single server, and the same database without it.</summary>
public sealed class SameAnswersFixture : IAsyncLifetime
{
    /// <summary>A table of numbers; with the suffix _deferred one whose numbers must differ at the end of a transaction.</summary>
    public const string Table = "same_answers";

    private PostgresCluster _cluster = null!;

    public PoolerProcess Pooler { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _cluster = await SharedCluster.GetAsync();
        await _cluster.ScalarAsync($"CREATE TABLE {Table} (n int)");
        await _cluster.ScalarAsync($"CREATE TABLE {Table}_deferred (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)");
        Pooler = await PoolerProcess.StartAsync(_cluster, ("pool_mode", "transaction"), ("default_pool_size", "1"));
    }

    public async Task DisposeAsync()
    {
        await Pooler.DisposeAsync();
        await _cluster.ScalarAsync($"DROP TABLE {Table}, {Table}_deferred");
    }

    public async Task<RawClient> ConnectDirectlyAsync()
    {
        RawClient client = await RawClient.ConnectAsync(_cluster.Host, _cluster.Port);
        await client.LogInAsync("bouncer", PostgresCluster.Database, PostgresCluster.Password);
        return client;
    }

    public Task EmptyTablesAsync() => _cluster.ScalarAsync($"TRUNCATE {Table}, {Table}_deferred");
}
