using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Logging;

/// <summary>Two poolers to which everything happens that leaves a line tools look for; one ends by SIGTERM, the other by SIGINT.</summary>
public sealed class LogScenario : IAsyncLifetime
{
    /// <summary>The lines of both.</summary>
    public IReadOnlyList<string> Lines { get; private set; } = [];

    public async Task InitializeAsync()
    {
        PostgresCluster cluster = await SharedCluster.GetAsync();
        IReadOnlyList<string>[] logs = await Task.WhenAll(RunClientsAsync(cluster), RunOperatorAsync(cluster));
        Lines = [.. logs.SelectMany(log => log)];
    }

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>Clients of every kind, with passwords.</summary>
    private static async Task<IReadOnlyList<string>> RunClientsAsync(PostgresCluster cluster)
    {
        PoolerOptions options = PoolerOptions.For(
            cluster,
            ("auth_type", "md5"), ("pool_mode", "transaction"), ("default_pool_size", "1"), ("reserve_pool_size", "1"), ("reserve_pool_timeout", "1"), ("stats_period", "1"));
        options.Databases["broken"] = options.ConnectionString(cluster, "nowhere");
        options.Databases["queried"] = options.ConnectionString(cluster, "app", "connect_query='SELECT 1/0'");
        options.Databases["local"] = $"host={cluster.SocketDirectory} port={cluster.Port} dbname=app";
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);
        using (RawClient client = await pooler.LogInAsync())
        {
            await client.QueryAsync("SELECT 1");
            await client.SendAsync(FrontendMessages.Terminate());
        }

        using (RawClient client = await pooler.LogInAsync())
        {
            await client.QueryAsync("SELECT 1");
        }

        await RefusedAsync(pooler, "bouncer", "app", "wrong");
        await RefusedAsync(pooler, "bouncer", "gone");
        await RefusedAsync(pooler, "ghost", "app");
        await RefusedAsync(pooler, "bouncer", "broken");
        await Assert.ThrowsAsync<ServerErrorException>(() => pooler.LogInAsync(parameters: ("foo", "bar")));
        await Assert.ThrowsAsync<ServerErrorException>(() => pooler.LogInAsync(parameters: ("options", "-c foo=bar")));
        await SendNonsenseAsync(pooler, [(byte)'z', 0, 0, 0, 4]);
        await SendNonsenseAsync(pooler, [(byte)'D', 0, 0, 0, 5, (byte)'S']);
        (await pooler.LogInAsync(database: "queried")).Dispose();
        (await pooler.LogInAsync(database: "local")).Dispose();
        await CancelAsync(pooler, cluster);
        await BreakParametersAsync(pooler);
        await UseReserveAsync(pooler);
        await pooler.AdminAsync("SET verbose = 1");
        using (RawClient client = await pooler.LogInAsync(parameters: ("application_name", "named")))
        {
            await client.QueryAsync("SELECT 1");
        }

        await pooler.AdminAsync("SET verbose = 0");
        await pooler.AdminAsync("NONSENSE\nin two lines");
        await pooler.WaitForLogAsync(" stats: ", occurrence: 2);
        await pooler.SignalAsync("TERM");
        await pooler.WaitForExitAsync();
        return pooler.Log();
    }

    /// <summary>An operator at work.</summary>
    private static async Task<IReadOnlyList<string>> RunOperatorAsync(PostgresCluster cluster)
    {
        PoolerOptions options = PoolerOptions.For(cluster, ("pool_mode", "transaction"));
        options.Databases["leaving"] = options.ConnectionString(cluster, "app");
        options.Databases["unvisited"] = options.ConnectionString(cluster, "app");
        options.Databases["*"] = $"host={cluster.Host} port={cluster.Port}";
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);
        (await pooler.LogInAsync(database: "leaving")).Dispose();
        (await pooler.LogInAsync(database: "template1")).Dispose();
        (await Command.RunUnprivilegedAsync(
        [
            PostgresBinaries.Client("psql"), "-X", "-h", pooler.Directory, "-p", $"{pooler.Port}", "-U", "pgbouncer", "-c", "SHOW VERSION", "pgbouncer",
        ])).Succeeded();
        foreach (string command in new[] { "PAUSE", "RESUME", "PAUSE app", "RESUME app", "PAUSE nothing_of_it" })
        {
            await pooler.AdminAsync(command);
        }

        options.Databases.Remove("leaving");
        options.Databases.Remove("unvisited");
        options.Databases.Remove("*");
        pooler.RewriteFiles();
        await pooler.AdminAsync("RELOAD");
        await pooler.WaitForLogAsync("dropping database");
        await pooler.AdminAsync("PAUSE not_there");
        options.Settings["default_pool_size"] = "many";
        pooler.RewriteFiles();
        await pooler.AdminAsync("RELOAD");
        options.Settings.Remove("default_pool_size");
        pooler.RewriteFiles();
        foreach ((string signal, string line) in new[]
        {
            ("HUP", "got SIGHUP"), ("USR1", "got SIGUSR1"), ("USR2", "got SIGUSR2, continuing"), ("USR2", "got SIGUSR2, but"), ("INT", "got SIGINT"),
        })
        {
            await pooler.SignalAsync(signal);
            await pooler.WaitForLogAsync(line);
        }

        await pooler.WaitForExitAsync();
        return pooler.Log();
    }

    private static Task RefusedAsync(PoolerProcess pooler, string user, string database, string password = PostgresCluster.Password) =>
        Assert.ThrowsAsync<ServerErrorException>(() => pooler.LogInAsync(user, database, password));

    private static async Task SendNonsenseAsync(PoolerProcess pooler, byte[] message)
    {
        using RawClient client = await pooler.LogInAsync();
        await client.SendAsync(message, FrontendMessages.Sync());
        await client.ReadResultAsync();
    }

    private static async Task CancelAsync(PoolerProcess pooler, PostgresCluster cluster)
    {
        using RawClient client = await pooler.LogInAsync();
        await client.SendAsync(FrontendMessages.Query("SELECT pg_sleep(600), 'log'"));
        await ServerActivity.RunningAsync(cluster, "SELECT pg_sleep(600), 'log'");
        await SendCancelAsync(pooler, client.CancelKey);
        Assert.Equal("57014", Assert.Single((await client.ReadResultAsync()).Errors).SqlState);
        await SendCancelAsync(pooler, client.CancelKey);
        await SendCancelAsync(pooler, new byte[8]);
    }

    private static async Task SendCancelAsync(PoolerProcess pooler, byte[] key)
    {
        using RawClient canceller = await pooler.ConnectAsync();
        await canceller.SendAsync(FrontendMessages.CancelRequest(key));
        Assert.Null(await canceller.ReadAsync());
    }

    private static async Task BreakParametersAsync(PoolerProcess pooler)
    {
        using RawClient client = await pooler.LogInAsync(parameters: ("TimeZone", "Nowhere/At_All"));
        await client.QueryAsync("SELECT 1");
    }

    private static async Task UseReserveAsync(PoolerProcess pooler)
    {
        using RawClient first = await pooler.LogInAsync();
        using RawClient second = await pooler.LogInAsync();
        await first.QueryAsync("BEGIN");
        Assert.Equal("1", (await second.QueryAsync("SELECT 1")).Scalar);
        await first.QueryAsync("COMMIT");
    }
}
