using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Admin;

/// <summary>RELOAD and SIGHUP read the ini file and the user list anew.</summary>
public sealed class ReloadTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_new_database_and_a_new_user_are_there_after_reload()
    {
        await using PoolerProcess pooler = await StartAsync();
        pooler.Options.Databases["fresh"] = pooler.Options.ConnectionString(postgres.Cluster, "app");
        pooler.Options.UserList["caged"] = "caged-secret";
        pooler.RewriteFiles();
        await Assert.ThrowsAsync<ServerErrorException>(() => pooler.LogInAsync("trusty", "fresh"));
        Assert.Equal("RELOAD", Assert.Single((await pooler.AdminAsync("RELOAD")).Tags));
        await pooler.WaitForLogAsync("RELOAD command issued");
        using RawClient client = await pooler.LogInAsync("trusty", "fresh");
        Assert.Equal("1", (await client.QueryAsync("SELECT 1")).Scalar);
        using RawClient caged = await pooler.ConnectAsync();
        ErrorFields refusal = (await Assert.ThrowsAsync<ServerErrorException>(() => caged.LogInAsync("caged", "app", "caged-secret"))).Fields;
        Assert.StartsWith("pg_hba.conf rejects", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sighup_does_the_same_and_open_sessions_go_on()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync("trusty");
        await client.QueryAsync("BEGIN");
        pooler.Options.Settings["default_pool_size"] = "7";
        pooler.Options.UserList["trusty"] = "changed";
        pooler.RewriteFiles();
        await pooler.SignalAsync("HUP");
        await pooler.WaitForLogAsync("got SIGHUP, re-reading config");
        await Wait.UntilAsync(async () => await ConfigAsync(pooler, "default_pool_size") == "7", "the new size is in force");
        Assert.Equal('I', (await client.QueryAsync("COMMIT")).Status);
        using RawClient next = await pooler.LogInAsync("trusty", "app", "changed");
        Assert.Equal("1", (await next.QueryAsync("SELECT 1")).Scalar);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_removed_database_ends_its_clients_even_if_the_template_has_the_name(bool withTemplate)
    {
        PoolerOptions options = PoolerOptions.For(postgres.Cluster);
        options.Databases["elsewhere"] = options.ConnectionString(postgres.Cluster, "app");
        if (withTemplate)
        {
            options.Databases["*"] = options.ConnectionString(postgres.Cluster, "postgres");
        }

        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);
        using RawClient client = await pooler.LogInAsync("bouncer", "elsewhere");
        Assert.Equal("app", (await client.QueryAsync("SELECT current_database()")).Scalar);
        await pooler.AdminAsync("DISABLE elsewhere");
        pooler.Options.Databases.Remove("elsewhere");
        pooler.RewriteFiles();
        Assert.Equal("RELOAD", Assert.Single((await pooler.AdminAsync("RELOAD")).Tags));
        await pooler.WaitForLogAsync("WARNING dropping database 'elsewhere' as it does not exist anymore or inactive auto-database");
        await pooler.WaitForLogAsync("S-.* closing because: database removed");
        Assert.Equal("database removed", Assert.Single((await client.ReadResultAsync()).Errors).Message);
        if (withTemplate)
        {
            using RawClient next = await pooler.LogInAsync("bouncer", "elsewhere");
            Assert.Equal("postgres", (await next.QueryAsync("SELECT current_database()")).Scalar);
        }
    }

    [Fact]
    public async Task A_removed_key_goes_back_to_its_default()
    {
        await using PoolerProcess pooler = await StartAsync(("default_pool_size", "7"));
        Assert.Equal("7", await ConfigAsync(pooler, "default_pool_size"));
        pooler.Options.Settings.Remove("default_pool_size");
        pooler.RewriteFiles();
        await pooler.AdminAsync("RELOAD");
        Assert.Equal("20", await ConfigAsync(pooler, "default_pool_size"));
    }

    [SkippableFact]
    public async Task A_bad_file_is_refused_and_says_why()
    {
        await Requires.VersionAsync(1, 25);
        await using PoolerProcess pooler = await StartAsync(("default_pool_size", "7"));
        pooler.Options.Settings["default_pool_size"] = "9";
        pooler.Options.Settings["no_such_key"] = "1";
        pooler.RewriteFiles();
        QueryResult result = await pooler.AdminAsync("RELOAD");
        ErrorFields error = Assert.Single(result.Errors);
        Assert.Equal(new ErrorFields("ERROR", "F0000", "RELOAD failed, see logs for additional details", null), error with { Detail = null });
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("POOLER_PROGRAM")))
        {
            // Beyond PgBouncer: what is wrong, and where.
            Assert.Contains("parameter no_such_key in configuration (", error.Detail, StringComparison.Ordinal);
        }

        await pooler.WaitForLogAsync("unknown parameter: pgbouncer/no_such_key");
        Assert.Equal("7", await ConfigAsync(pooler, "default_pool_size"));
        using RawClient client = await pooler.LogInAsync("trusty");
        Assert.Equal("1", (await client.QueryAsync("SELECT 1")).Scalar);
    }

    [Fact]
    public async Task A_removed_database_closes_its_clients()
    {
        PoolerOptions options = PoolerOptions.For(postgres.Cluster, ("auth_type", "md5"));
        options.Databases["leaving"] = options.ConnectionString(postgres.Cluster, "app");
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);
        using RawClient client = await pooler.LogInAsync("trusty", "leaving");
        await client.QueryAsync("SELECT 1");
        options.Databases.Remove("leaving");
        pooler.RewriteFiles();
        await pooler.AdminAsync("RELOAD");
        QueryResult end = await client.ReadResultAsync();
        Assert.Equal("database removed", Assert.Single(end.Errors).Message);
        Assert.Null(end.Status);
        using RawClient next = await pooler.ConnectAsync();
        Assert.Equal(
            "no such database: leaving",
            (await Assert.ThrowsAsync<ServerErrorException>(() => next.LogInAsync("trusty", "leaving", "secret"))).Fields.Message);
    }

    [Fact]
    public async Task A_changed_host_moves_the_pool_to_new_servers()
    {
        await using Testing.Postgres.PostgresCluster second = await Testing.Postgres.PostgresCluster.StartAsync();
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "transaction"));
        using RawClient client = await pooler.LogInAsync();
        Assert.Equal($"{postgres.Cluster.Port}", (await client.QueryAsync("SHOW port")).Scalar);
        pooler.Options.Databases["app"] = pooler.Options.ConnectionString(second, "app");
        pooler.RewriteFiles();
        await pooler.AdminAsync("RELOAD");
        Assert.Equal($"{second.Port}", (await client.QueryAsync("SHOW port")).Scalar);
    }

    private static async Task<string?> ConfigAsync(PoolerProcess pooler, string key) =>
        (await pooler.AdminAsync("SHOW CONFIG")).Rows.Single(row => row[0] == key)[1];

    private Task<PoolerProcess> StartAsync(params (string Key, string? Value)[] settings) =>
        PoolerProcess.StartAsync(postgres.Cluster, [("auth_type", "md5"), .. settings]);
}
