using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Limits;

/// <summary>max_db_client_connections and max_user_client_connections: from which moment to which a client counts, and who is exempt.</summary>
public sealed class ClientLimitTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly ErrorFields DatabaseFull = new("FATAL", "08P01", "client connections exceeded (max_db_client_connections)", null);
    private static readonly ErrorFields UserFull = new("FATAL", "08P01", "client connections exceeded (max_user_client_connections)", null);

    [SkippableFact]
    public async Task A_database_takes_as_many_clients_as_its_limit_whoever_they_are()
    {
        await Requires.VersionAsync(1, 24);
        await using PoolerProcess pooler = await StartAsync(("max_db_client_connections", "2"));
        using RawClient first = await pooler.LogInAsync("bouncer");
        using RawClient second = await pooler.LogInAsync("trusty");
        Assert.Equal(DatabaseFull, await RefusalAsync(pooler, "postgres", "app"));
        Assert.Equal("2", await ValueAsync(pooler, "SHOW DATABASES", "app", "current_client_connections"));
        Assert.Equal("2", await ValueAsync(pooler, "SHOW DATABASES", "app", "max_client_connections"));
        using RawClient elsewhere = await pooler.LogInAsync("bouncer", "postgres");
        first.Dispose();
        await Wait.UntilAsync(async () => await ValueAsync(pooler, "SHOW DATABASES", "app", "current_client_connections") == "1", "the client has left");
        using RawClient third = await pooler.LogInAsync("postgres");
        Assert.Equal(DatabaseFull, await RefusalAsync(pooler, "postgres", "app"));
    }

    [SkippableFact]
    public async Task A_user_has_as_many_clients_as_the_limit_over_all_databases()
    {
        await Requires.VersionAsync(1, 24);
        PoolerOptions options = PoolerOptions.For(postgres.Cluster, ("max_user_client_connections", "2"));
        options.Users["trusty"] = "max_user_client_connections=1";
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);
        using RawClient first = await pooler.LogInAsync("bouncer");
        using RawClient second = await pooler.LogInAsync("bouncer", "postgres");
        using RawClient other = await pooler.LogInAsync("trusty");
        Assert.Equal(UserFull, await RefusalAsync(pooler, "bouncer", "app"));
        Assert.Equal(UserFull, await RefusalAsync(pooler, "trusty", "postgres"));
        Assert.Equal("2", await ValueAsync(pooler, "SHOW USERS", "bouncer", "current_client_connections"));
        Assert.Equal("1", await ValueAsync(pooler, "SHOW USERS", "trusty", "max_user_client_connections"));
        second.Reset();
        await Wait.UntilAsync(async () => await ValueAsync(pooler, "SHOW USERS", "bouncer", "current_client_connections") == "1", "the client has left");
        using RawClient third = await pooler.LogInAsync("bouncer", "postgres");
    }

    [SkippableFact]
    public async Task A_client_counts_from_its_startup_packet_and_a_failed_login_no_longer()
    {
        await Requires.VersionAsync(1, 24);
        await using PoolerProcess pooler = await StartAsync(("max_db_client_connections", "1"), ("max_user_client_connections", "1"), ("auth_type", "md5"));
        using RawClient undecided = await pooler.ConnectAsync();
        await undecided.SendAsync(FrontendMessages.Startup([("user", "bouncer"), ("database", "app")]));
        Assert.Equal('R', (await undecided.ReadAsync())!.Type);
        Assert.Equal(DatabaseFull, await RefusalAsync(pooler, "trusty", "app"));
        Assert.Equal(UserFull, await RefusalAsync(pooler, "bouncer", "postgres"));
        await undecided.SendAsync(FrontendMessages.Password("wrong"));
        Assert.Equal("password authentication failed", (await undecided.ReadErrorAsync()).Message);
        await Wait.UntilAsync(async () => await ValueAsync(pooler, "SHOW DATABASES", "app", "current_client_connections") == "0", "the client is gone");
        for (int i = 0; i < 5; i++)
        {
            using RawClient failing = await pooler.ConnectAsync();
            await Assert.ThrowsAsync<ServerErrorException>(() => failing.LogInAsync("bouncer", "app", "wrong"));
        }

        await Wait.UntilAsync(async () => await ValueAsync(pooler, "SHOW USERS", "bouncer", "current_client_connections") == "0", "nobody is left");
        using RawClient client = await pooler.LogInAsync("bouncer");
        Assert.Equal("1", (await client.QueryAsync("SELECT 1")).Scalar);
    }

    [SkippableFact]
    public async Task Admins_reach_the_console_of_a_crowded_pooler_and_others_do_not()
    {
        await Requires.VersionAsync(1, 24);
        await using PoolerProcess pooler = await StartAsync(("max_db_client_connections", "1"), ("max_user_client_connections", "1"));
        using RawClient first = await pooler.ConsoleAsync();
        using RawClient second = await pooler.ConsoleAsync();
        Assert.StartsWith("PgBouncer ", (await second.QueryAsync("SHOW VERSION")).Scalar, StringComparison.Ordinal);
        Assert.Equal(DatabaseFull, await RefusalAsync(pooler, "stats", "pgbouncer"));
    }

    [SkippableFact]
    public async Task Names_that_nobody_knows_are_not_counted()
    {
        await Requires.VersionAsync(1, 24);
        await using PoolerProcess pooler = await StartAsync(("max_db_client_connections", "1"), ("max_user_client_connections", "1"), ("auth_type", "md5"));
        using RawClient first = await pooler.ConnectAsync();
        using RawClient second = await pooler.ConnectAsync();
        foreach (RawClient client in new[] { first, second })
        {
            await client.SendAsync(FrontendMessages.Startup([("user", "nobody"), ("database", "nowhere")]));
            Assert.Equal('R', (await client.ReadAsync())!.Type);
        }
    }

    private static async Task<ErrorFields> RefusalAsync(PoolerProcess pooler, string user, string database)
    {
        using RawClient client = await pooler.ConnectAsync();
        await client.SendAsync(FrontendMessages.Startup([("user", user), ("database", database)]));
        ErrorFields error = await client.ReadErrorAsync();
        Assert.True(await client.IsClosedAsync());
        return error;
    }

    private static async Task<string?> ValueAsync(PoolerProcess pooler, string command, string name, string column)
    {
        QueryResult result = await pooler.AdminAsync(command);
        return result.Rows.First(row => row[0] == name)[result.Columns.IndexOf(column)];
    }

    private Task<PoolerProcess> StartAsync(params (string Key, string? Value)[] settings) => PoolerProcess.StartAsync(postgres.Cluster, settings);
}
