using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Dns;

/// <summary>Databases with several hosts: in turn, or one as long as it can be had; and one that is dead.</summary>
public sealed class HostListTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string First = "127.0.0.2";
    private const string Second = "127.0.0.3";

    // Nobody listens there.
    private const string Dead = "127.0.0.4";

    [Fact]
    public async Task Hosts_take_turns()
    {
        await using PoolerProcess pooler = await StartAsync($"{First},{Second}");
        Assert.Equal([First, Second, First, Second], await AddressesAsync(pooler, 4));
    }

    [SkippableFact]
    public async Task The_console_says_that_hosts_take_turns()
    {
        await Requires.VersionAsync(1, 24);
        await using PoolerProcess pooler = await StartAsync($"{First},{Second}");
        Assert.Single(await AddressesAsync(pooler, 1));
        Assert.Equal("round-robin", await BalanceAsync(pooler));
    }

    [SkippableFact]
    public async Task Without_balance_everything_goes_to_one_host()
    {
        await Requires.VersionAsync(1, 24);
        await using PoolerProcess pooler = await StartAsync($"{First},{Second}", "load_balance_hosts=disable");
        Assert.Equal([First, First, First], await AddressesAsync(pooler, 3));
        Assert.Equal("disable", await BalanceAsync(pooler));
    }

    [SkippableFact]
    public async Task Without_balance_a_dead_host_is_left_for_good()
    {
        await Requires.VersionAsync(1, 24);
        await using PoolerProcess pooler = await StartAsync($"{Dead},{Second}", "load_balance_hosts=disable");
        Assert.Equal([Second, Second, Second], await AddressesAsync(pooler, 3));
        await pooler.WaitForLogAsync("closing because: connect failed");
        Assert.Single(pooler.Log(), line => line.Contains("closing because: connect failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_dead_host_of_a_list_costs_waiting_only()
    {
        await using PoolerProcess pooler = await StartAsync($"{Second},{Dead},{First}");
        Assert.Equal([Second, First, Second, First], await AddressesAsync(pooler, 4));
        await pooler.WaitForLogAsync("closing because: connect failed", occurrence: 2);
        Assert.Equal(2, pooler.Log().Count(line => line.Contains("closing because: connect failed", StringComparison.Ordinal)));
    }

    private Task<PoolerProcess> StartAsync(string hosts, string more = "")
    {
        PoolerOptions options = PoolerOptions.For(postgres.Cluster, ("server_login_retry", "0.3"));
        options.Databases["app"] = $"host={hosts} port={postgres.Cluster.Port} dbname=app {more}";
        return PoolerProcess.StartAsync(options);
    }

    private static async Task<IReadOnlyList<string?>> AddressesAsync(PoolerProcess pooler, int sessions)
    {
        List<string?> addresses = [];
        List<RawClient> clients = [];
        for (int i = 0; i < sessions; i++)
        {
            RawClient client = await pooler.LogInAsync();
            clients.Add(client);
            addresses.Add((await client.QueryAsync("SELECT host(inet_server_addr())")).Scalar);
        }

        clients.ForEach(client => client.Dispose());
        return addresses;
    }

    /// <summary>What the console says about it.</summary>
    private static async Task<string?> BalanceAsync(PoolerProcess pooler)
    {
        QueryResult databases = await pooler.AdminAsync("SHOW DATABASES");
        QueryResult pools = await pooler.AdminAsync("SHOW POOLS");
        string?[] database = databases.Rows.Single(row => row[0] == "app");
        string?[] pool = pools.Rows.Single(row => row[0] == "app");
        string? balance = database[databases.Columns.IndexOf("load_balance_hosts")];
        Assert.Equal(balance, pool[pools.Columns.IndexOf("load_balance_hosts")]);
        return balance;
    }
}
