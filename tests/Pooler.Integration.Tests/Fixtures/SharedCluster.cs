using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;

namespace Pooler.Integration.Tests.Fixtures;

/// <summary>The PostgreSQL cluster that all tests share; it is started by the first test that asks and stopped after the last one.</summary>
internal static class SharedCluster
{
    private static readonly Lazy<Task<PostgresCluster>> Cluster = new(() => PostgresCluster.StartAsync());

    public static Task<PostgresCluster> GetAsync() => Cluster.Value;

    public static async Task StopAsync()
    {
        if (Cluster.IsValueCreated && Cluster.Value.IsCompletedSuccessfully)
        {
            await (await Cluster.Value).DisposeAsync();
        }

        PostgresCluster.DeleteTemplate();
        PoolerProgram.DeleteCopy();
    }
}
