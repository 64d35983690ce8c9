using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing;
using Pooler.Testing.Dns;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Dns;

/// <summary>Servers that are found by a name: when it is looked up, whose turn it is, and what a change does. The names come from a DNS server of the test's own.</summary>
public sealed class NameCacheTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string Name = "db.pool.test";
    private const string Address = "SELECT host(inet_server_addr())";
    private const string First = "127.0.0.2";
    private const string Second = "127.0.0.3";

    private readonly TestDirectory _directory = new("dns");
    private readonly List<RawClient> _clients = [];
    private NameServer _names = null!;

    public Task InitializeAsync()
    {
        // Other programs know name servers at the standard port alone.
        bool isOther = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("POOLER_PROGRAM"));
        _names = NameServer.Start(isOther);
        _names.Set(Name, First);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await _names.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_name_is_looked_up_once_and_its_addresses_take_turns()
    {
        _names.Set(Name, First, Second);
        await using PoolerProcess pooler = await StartAsync();
        List<string> addresses = [];
        for (int i = 0; i < 4; i++)
        {
            addresses.Add((await (await LogInAsync(pooler)).QueryAsync(Address)).Scalar!);
        }

        Assert.Equal([First, First, Second, Second], addresses.Order());
        Assert.NotEqual(addresses[0], addresses[1]);
        Assert.Equal(1, _names.Count("A " + Name));
        QueryResult hosts = await pooler.AdminAsync("SHOW DNS_HOSTS");
        Assert.Equal((Name, "127.0.0.2:0,127.0.0.3:0"), (Assert.Single(hosts.Rows)[0], hosts.Value(0, "addrs")));
        Assert.InRange(int.Parse(hosts.Value(0, "ttl")!, System.Globalization.CultureInfo.InvariantCulture), 1, 1000);
        Assert.Equal((string?[])["pool.test", "0", "1"], Assert.Single((await pooler.AdminAsync("SHOW DNS_ZONES")).Rows));
        Dictionary<string, string?> lists = (await pooler.AdminAsync("SHOW LISTS")).Rows.ToDictionary(row => row[0]!, row => row[1]);
        Assert.Equal(("1", "1", "0"), (lists["dns_names"], lists["dns_zones"], lists["dns_pending"]));
    }

    [Fact]
    public async Task A_name_is_looked_up_again_after_dns_max_ttl()
    {
        // Every transaction gets a new server.
        await using PoolerProcess pooler = await StartAsync(("dns_max_ttl", "1"), ("pool_mode", "transaction"), ("server_lifetime", "0"));
        RawClient client = await LogInAsync(pooler);
        Assert.Equal(1, _names.Count("A " + Name));
        await Wait.UntilAsync(
            async () =>
            {
                await client.QueryAsync("SELECT 1");
                return _names.Count("A " + Name) == 2;
            },
            "it is asked for again");
    }

    [Fact]
    public async Task A_failed_lookup_is_not_repeated_before_its_time()
    {
        _names.Set(Name);
        await using PoolerProcess pooler = await StartAsync(("dns_nxdomain_ttl", "1000"), ("server_login_retry", "0.2"));
        using RawClient client = await pooler.ConnectAsync();
        await client.SendAsync(FrontendMessages.Startup(("user", "bouncer"), ("database", "app")));
        await pooler.WaitForLogAsync($"WARNING DNS lookup failed: {Name}: result=");
        await pooler.WaitForLogAsync(@"closing because: server DNS lookup failed \(age=", occurrence: 3);
        Assert.Equal(1, _names.Count("A " + Name));
        Assert.Single(pooler.Log(), line => line.Contains("DNS lookup failed: " + Name, StringComparison.Ordinal));
        Assert.Equal(Name, Assert.Single((await pooler.AdminAsync("SHOW DNS_HOSTS")).Rows)[0]);
        Assert.Equal("", (await pooler.AdminAsync("SHOW DNS_HOSTS")).Value(0, "addrs"));
    }

    [Fact]
    public async Task A_client_waits_until_the_name_is_there()
    {
        _names.Set(Name);
        await using PoolerProcess pooler = await StartAsync(("dns_nxdomain_ttl", "0.5"), ("server_login_retry", "0.2"));
        Task<RawClient> login = LogInAsync(pooler);
        await pooler.WaitForLogAsync("DNS lookup failed: " + Name);
        _names.Set(Name, Second);
        Assert.Equal(Second, (await (await login).QueryAsync(Address)).Scalar);
    }

    [Fact]
    public async Task Servers_at_an_address_that_is_gone_are_replaced_when_they_are_free()
    {
        await using PoolerProcess pooler = await StartAsync(("dns_max_ttl", "0"), ("pool_mode", "transaction"));
        RawClient active = await LogInAsync(pooler);
        RawClient idle = await LogInAsync(pooler);
        await active.QueryAsync("BEGIN");
        string? activeServer = (await active.QueryAsync("SELECT pg_backend_pid()")).Scalar;
        string? idleServer = (await idle.QueryAsync("SELECT pg_backend_pid()")).Scalar;
        _names.Set(Name, Second);
        RawClient other = await LogInAsync(pooler, "other");
        Assert.Equal(Second, (await other.QueryAsync(Address)).Scalar);
        await ServerActivity.GoneAsync(postgres.Cluster, idleServer);
        Assert.Equal(First, (await active.QueryAsync(Address)).Scalar);
        Assert.Equal(activeServer, (await active.QueryAsync("SELECT pg_backend_pid()")).Scalar);
        await active.QueryAsync("COMMIT");
        await ServerActivity.GoneAsync(postgres.Cluster, activeServer);
        Assert.Equal(Second, (await active.QueryAsync(Address)).Scalar);
    }

    [Fact]
    public async Task A_new_serial_of_the_zone_looks_its_names_up_at_once()
    {
        _names.SetSerial("pool.test", 2_000_000_001);
        await using PoolerProcess pooler = await StartAsync(("dns_zone_check_period", "0.5"), ("pool_mode", "transaction"));
        RawClient client = await LogInAsync(pooler);
        string? server = (await client.QueryAsync("SELECT pg_backend_pid()")).Scalar;
        await Wait.UntilAsync(
            async () => Assert.Single((await pooler.AdminAsync("SHOW DNS_ZONES")).Rows) is ["pool.test", "2000000001", "1"], "the serial is known");
        _names.Set(Name, Second);
        _names.SetSerial("pool.test", 2_000_000_002);
        await pooler.WaitForLogAsync("LOG zone 'pool.test' serial changed: old=2000000001 new=2000000002");
        await ServerActivity.GoneAsync(postgres.Cluster, server);
        Assert.Equal(Second, (await client.QueryAsync(Address)).Scalar);
    }

    [Fact]
    public async Task Short_names_are_found_in_the_search_domain_at_the_next_server_and_over_tcp()
    {
        _names.Truncates = true;
        await using PoolerProcess pooler = await StartAsync("db", $"nameserver {First}:9\n{_names.ConfLine}search pool.test\noptions timeout:5 attempts:1\n");
        Assert.Equal(First, (await (await LogInAsync(pooler)).QueryAsync(Address)).Scalar);
        Assert.Equal(1, _names.Count("A " + Name));
        Assert.Equal(1, _names.Count("tcp A " + Name));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Names_of_the_hosts_file_need_no_name_server(bool hasResolvConf)
    {
        await using PoolerProcess pooler = await StartAsync("localhost", hasResolvConf ? _names.ConfLine : null);
        Assert.StartsWith("1", (await (await LogInAsync(pooler)).QueryAsync("SELECT 1")).Scalar, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:0", (await pooler.AdminAsync("SHOW DNS_HOSTS")).Value(0, "addrs"), StringComparison.Ordinal);
        Assert.Empty(_names.Asked);
        Assert.Empty((await pooler.AdminAsync("SHOW DNS_ZONES")).Rows);
    }

    private Task<PoolerProcess> StartAsync(params (string Key, string? Value)[] settings) => StartAsync(Name, _names.ConfLine, settings);

    private Task<PoolerProcess> StartAsync(string host, string? resolvConf, params (string Key, string? Value)[] settings)
    {
        PoolerOptions options = PoolerOptions.For(postgres.Cluster, [("dns_max_ttl", "1000"), ("resolv_conf", Write(resolvConf)), .. settings]);
        options.Databases["app"] = $"host={host} port={postgres.Cluster.Port} dbname=app";
        options.Databases["other"] = options.Databases["app"];
        return PoolerProcess.StartAsync(options);
    }

    private string? Write(string? resolvConf) => resolvConf is null ? null : _directory.Write("resolv.conf", resolvConf);

    private async Task<RawClient> LogInAsync(PoolerProcess pooler, string database = "app")
    {
        RawClient client = await pooler.LogInAsync(database: database);
        lock (_clients)
        {
            _clients.Add(client);
        }

        return client;
    }
}
