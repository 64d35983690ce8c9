using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Limits;

/// <summary>Pools and automatic databases that nobody uses any more.</summary>
public sealed class IdlePoolTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [SkippableFact]
    public async Task A_pool_that_nobody_uses_is_forgotten_and_made_anew_when_it_is_needed()
    {
        await Requires.VersionAsync(1, 25);
        await using PoolerProcess pooler = await StartAsync(("pool_idle_timeout", "1"), ("server_idle_timeout", "1"));
        using (RawClient client = await pooler.LogInAsync())
        {
            Assert.Equal("1", (await client.QueryAsync("SELECT 1")).Scalar);
        }

        await pooler.WaitForLogAsync("LOG cleaning up idle pool for user bouncer on db app because: pool idle timeout \\(age= 1s\\)");
        await Wait.UntilAsync(async () => (await pooler.AdminAsync("SHOW POOLS")).Rows.All(row => row[0] != "app"), "the pool is gone");
        using RawClient next = await pooler.LogInAsync();
        Assert.Equal("2", (await next.QueryAsync("SELECT 2")).Scalar);
    }

    [Fact]
    public async Task An_automatic_database_is_hidden_while_nobody_uses_it_and_dropped_after_its_timeout()
    {
        PoolerOptions options = PoolerOptions.For(postgres.Cluster, ("autodb_idle_timeout", "1"), ("server_idle_timeout", "1"));
        options.Databases.Clear();
        options.Databases["*"] = $"host={postgres.Cluster.Host} port={postgres.Cluster.Port}";
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);
        for (int round = 1; round <= 2; round++)
        {
            using (RawClient client = await pooler.LogInAsync())
            {
                Assert.Equal("app", (await client.QueryAsync("SELECT current_database()")).Scalar);
                await pooler.WaitForLogAsync("registered new auto-database: (db=)?app$", occurrence: round);
                Assert.Contains((await pooler.AdminAsync("SHOW DATABASES")).Rows, row => row[0] == "app");
            }

            await Wait.UntilAsync(async () => (await pooler.AdminAsync("SHOW DATABASES")).Rows.All(row => row[0] != "app"), "the database is hidden");
            await pooler.WaitForLogAsync("WARNING dropping database 'app' as it does not exist anymore or inactive auto-database", occurrence: round);
        }
    }

    [SkippableFact]
    public async Task A_pool_with_a_forced_user_and_a_minimum_is_warm_from_the_start_and_after_a_reload()
    {
        await Requires.VersionAsync(1, 25);
        PoolerOptions options = PoolerOptions.For(postgres.Cluster, ("min_pool_size", "2"));
        options.Databases["forced"] = options.ConnectionString(postgres.Cluster, "app", "user=bouncer");
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);
        await Wait.UntilAsync(async () => await ServersAsync(pooler, "forced") == 2, "two servers are there without a client");
        options.Databases["added"] = options.ConnectionString(postgres.Cluster, "app", "user=bouncer min_pool_size=1");
        pooler.RewriteFiles();
        await pooler.AdminAsync("RELOAD");
        await Wait.UntilAsync(async () => await ServersAsync(pooler, "added") == 1, "the new database has its server");
        Assert.Equal(2, await ServersAsync(pooler, "forced"));
        Assert.Equal(0, await ServersAsync(pooler, "app"));
    }

    private static async Task<int> ServersAsync(PoolerProcess pooler, string database)
    {
        QueryResult servers = await pooler.AdminAsync("SHOW SERVERS");
        return servers.Rows.Count(row => row[servers.Columns.IndexOf("database")] == database);
    }

    private Task<PoolerProcess> StartAsync(params (string Key, string? Value)[] settings) => PoolerProcess.StartAsync(postgres.Cluster, settings);
}
