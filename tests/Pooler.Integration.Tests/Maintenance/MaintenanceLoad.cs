using Npgsql;
using Pooler.Testing;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;

namespace Pooler.Integration.Tests.Maintenance;

/// <summary>
/// All kinds of clients at work on one pooler while the server behind it is worked on: over TCP and the unix socket, simple and extended protocol, in
/// transaction and session mode, ones that stay and ones that log in anew all the time. Afterwards every transaction that a client was told is committed
/// must be on one of the servers, once.
/// </summary>
internal sealed class MaintenanceLoad : IAsyncDisposable
{
    /// <summary>The database in session mode; `app` is in transaction mode.</summary>
    public const string SessionDatabase = "app_session";

    private const int FewTransactions = 20;

    // Processes by the dozen share the machine with everybody else's.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly List<ILoadClient> _clients = [];
    private readonly List<PostgresCluster> _clusters = [];

    private MaintenanceLoad(PoolerProcess pooler) => Pooler = pooler;

    public PoolerProcess Pooler { get; }

    /// <summary>Options with fewer servers than clients, so that some always wait.</summary>
    public static PoolerOptions Options(PostgresCluster cluster, params (string Key, string? Value)[] settings)
    {
        PoolerOptions options = PoolerOptions.For(
            cluster, [("pool_mode", "transaction"), ("default_pool_size", "4"), ("log_connections", "0"), ("log_disconnections", "0"), .. settings]);
        LeadTo(options, cluster);
        return options;
    }

    /// <summary>Lets both databases lead to that cluster.</summary>
    public static void LeadTo(PoolerOptions options, PostgresCluster cluster)
    {
        options.Databases["app"] = options.ConnectionString(cluster, "app");
        options.Databases[SessionDatabase] = options.ConnectionString(cluster, "app", "pool_mode=session");
    }

    /// <summary>Makes the table for the clients' rows.</summary>
    public static async Task PrepareAsync(PostgresCluster cluster) => await cluster.ScalarAsync(
        "CREATE TABLE done (client text NOT NULL, number int8, server timestamptz NOT NULL DEFAULT pg_postmaster_start_time())");

    /// <summary>Prepares the clusters, starts the clients and returns when all of them work on the first cluster.</summary>
    public static async Task<MaintenanceLoad> StartAsync(PoolerProcess pooler, params PostgresCluster[] clusters)
    {
        MaintenanceLoad load = new(pooler);
        foreach (PostgresCluster cluster in clusters)
        {
            await PrepareAsync(cluster);
            load._clusters.Add(cluster);
        }

        (string tcp, string unix, int port) = (pooler.Host, pooler.Directory, pooler.Port);
        load._clients.AddRange(
        [
            PgbenchLoad.Start("pgbench tcp", tcp, port, "app", "-c", "4"),
            PgbenchLoad.Start("pgbench unix", unix, port, "app", "-c", "3", "-M", "extended"),
            PgbenchLoad.Start("pgbench new logins", tcp, port, "app", "-c", "2", "-C"),
            PgbenchLoad.Start("pgbench new logins unix", unix, port, "app", "-c", "1", "-C", "-M", "extended"),
            NpgsqlLoad.Start("npgsql tcp", tcp, port, "app", 3),
            NpgsqlLoad.Start("npgsql unix", unix, port, "app", 2),
            NpgsqlLoad.Start("npgsql sessions", tcp, port, SessionDatabase, 2, reconnects: true),
            NpgsqlLoad.Start("npgsql sessions unix", unix, port, SessionDatabase, 1, reconnects: true),
        ]);
        try
        {
            await load.WorksOnAsync(clusters[0]);
        }
        catch
        {
            await load.DisposeAsync();
            throw;
        }

        return load;
    }

    /// <summary>Adds a client to those that are at work already.</summary>
    public void Add(ILoadClient client) => _clients.Add(client);

    /// <summary>Waits until every client has done some more transactions on this cluster as it runs now.</summary>
    public async Task WorksOnAsync(PostgresCluster cluster, int transactions = FewTransactions)
    {
        const string AsItRunsNow = "server = pg_postmaster_start_time()";
        Dictionary<string, long> before = await CountAsync(cluster, AsItRunsNow);
        await Wait.UntilAsync(
            async () =>
            {
                ThrowIfFailed();
                Dictionary<string, long> now = await CountAsync(cluster, AsItRunsNow);
                return _clients.TrueForAll(client => now.GetValueOrDefault(client.Name) >= before.GetValueOrDefault(client.Name) + transactions);
            },
            "every client works",
            Patience);
    }

    /// <summary>Waits until all clients stand in the queues of the pooler, which is what one that cannot work does.</summary>
    public async Task WaitsAsync()
    {
        // Of pgbench 10 and of Npgsql 5 and 3 connections; those that log in anew are greeted and wait with their first query.
        await Wait.UntilAsync(
            async () =>
            {
                ThrowIfFailed();
                return await Pooler.PoolCountAsync("cl_waiting") == 15 && await Pooler.PoolCountAsync("cl_waiting", database: SessionDatabase) == 3;
            },
            "every client waits",
            Patience);
    }

    /// <summary>Stops the clients; none may have met an error, and the clusters must have what they were told is committed, no row more or less.</summary>
    public async Task StopAndCheckAsync()
    {
        Dictionary<string, long> told = [];
        foreach (ILoadClient client in _clients)
        {
            told.Add(client.Name, await client.StopAsync());
        }

        Dictionary<string, long> found = [];
        foreach (PostgresCluster cluster in _clusters)
        {
            foreach ((string name, long count) in await CountAsync(cluster))
            {
                found[name] = found.GetValueOrDefault(name) + count;
            }
        }

        Assert.Equal(told.OrderBy(pair => pair.Key, StringComparer.Ordinal), found.OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    /// <summary>What each client has done there.</summary>
    public static async Task<Dictionary<string, long>> CountAsync(PostgresCluster cluster, string condition = "true")
    {
        Dictionary<string, long> counts = [];
        await using NpgsqlConnection connection = await cluster.OpenAsync();
        await using NpgsqlCommand command = new($"SELECT client, count(*) FROM done WHERE {condition} GROUP BY client", connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            counts.Add(reader.GetString(0), reader.GetInt64(1));
        }

        return counts;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ILoadClient client in _clients)
        {
            await client.DisposeAsync();
        }
    }

    private void ThrowIfFailed()
    {
        foreach (ILoadClient client in _clients)
        {
            Assert.True(client.Failure is null, $"{client.Name} met an error:\n{client.Failure}");
        }
    }
}
