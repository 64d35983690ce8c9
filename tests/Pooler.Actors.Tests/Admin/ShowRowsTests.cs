using Pooler.Actors.Admin;
using Pooler.Actors.Admin.Show;
using Pooler.Actors.Configuration;

namespace Pooler.Actors.Tests.Admin;

public sealed class ShowRowsTests
{
    [Fact]
    public void Clients_are_listed_by_state_and_age_without_those_in_login()
    {
        ResultTable table = ShowClients.Make(Samples.Snapshot);
        Equal(["1", "2", "3"], Column(table, "id"));
        Equal(["active", "idle", "waiting"], Column(table, "state"));
        Equal(
            [
                "C", "ann", "shop", "none", "active", "192.0.2.1", "5000", "192.0.2.9", "6432", "2026-01-02 12:00:00 UTC", "2026-01-02 12:00:01 UTC",
                "2", "500001", "0", "0x510", "0x640", "0", "", "app", "0", "1",
            ],
            table.Rows[0]);
    }

    [Fact]
    public void Servers_are_listed_by_state()
    {
        ResultTable table = ShowServers.Make(Samples.Snapshot);
        Equal(["active", "idle"], Column(table, "state"));
        Equal(["S", "S"], Column(table, "type"));
        Equal(["4711", "4711"], Column(table, "remote_pid"));
    }

    [Fact]
    public void Sockets_include_clients_in_login()
    {
        ResultTable table = ShowSockets.Make(Samples.Snapshot);
        Equal(["cl_active", "cl_active", "cl_waiting", "sv_active", "sv_idle", "cl_login"], Column(table, "state"));
        Assert.Equal("(nouser)", table.Rows[^1][1]);
        Assert.Equal("(nodb)", table.Rows[^1][2]);
        Assert.Empty(ShowSockets.MakeActive(Samples.Snapshot).Rows);
    }

    [Fact]
    public void Sockets_with_bytes_under_way_are_active()
    {
        PoolerSnapshot snapshot = Samples.Snapshot with { Clients = [Samples.Client(1, SocketState.ClientActive) with { PktRemain = 7 }] };
        Assert.Equal("7", Assert.Single(Column(ShowSockets.MakeActive(snapshot), "pkt_remain")));
    }

    [Fact]
    public void Times_are_printed_in_the_local_zone()
    {
        TimeZoneInfo zone = TimeZoneInfo.CreateCustomTimeZone("TEST", TimeSpan.FromHours(2), "TEST", "CEST");
        ResultTable table = ShowClients.Make(Samples.Snapshot with { TimeZone = zone });
        Assert.Equal("2026-01-02 14:00:00 CEST", Column(table, "connect_time")[0]);
    }

    [Fact]
    public void Aliases_of_utc_are_printed_as_utc()
    {
        TimeZoneInfo zone = TimeZoneInfo.CreateCustomTimeZone("Etc/UTC", TimeSpan.Zero, "alias", TimeZoneInfo.Utc.StandardName);
        ResultTable table = ShowClients.Make(Samples.Snapshot with { TimeZone = zone });
        Assert.Equal("2026-01-02 12:00:00 UTC", Column(table, "connect_time")[0]);
    }

    [Fact]
    public void A_zone_without_an_abbreviation_is_printed_as_its_offset()
    {
        TimeZoneInfo zone = TimeZoneInfo.CreateCustomTimeZone("Far/Away", new TimeSpan(-3, -30, 0), "far away", "Far Away Standard Time");
        ResultTable table = ShowClients.Make(Samples.Snapshot with { TimeZone = zone });
        Assert.Equal("2026-01-02 08:30:00 -0330", Column(table, "connect_time")[0]);
    }

    [Fact]
    public void Pinned()
    {
        ResultTable table = ShowPinned.Make(Samples.Snapshot);
        Equal(
            [
                "C", "ann", "shop", "192.0.2.1", "5000", "0x510", "app", "10.0.0.1", "5433", "4711", "0x640", "2026-01-02 12:00:00 UTC", "61", "5", "LISTEN jobs",
                "1", "3",
            ],
            Assert.Single(table.Rows));
    }

    [Fact]
    public void Pools()
    {
        ResultTable table = ShowPools.Make(Samples.Snapshot);
        Equal(["log", "pgbouncer", "shop"], Column(table, "database"));
        Equal(
            ["shop", "ann", "2", "1", "0", "0", "1", "0", "0", "1", "0", "0", "0", "3", "4", "statement", "round-robin"], table.Rows[2]);
        Assert.Null(table.Rows[0][^1]);
    }

    [Fact]
    public void Databases()
    {
        ResultTable table = ShowDatabases.Make(Samples.Snapshot);
        Equal(["auto", "log", "pgbouncer", "shop"], Column(table, "name"));
        Equal(
            ["pgbouncer", null, "6432", "pgbouncer", "pgbouncer", "2", "0", "0", "3600", "statement", null, "0", "0", "0", "0", "0", "0"],
            table.Rows[2]);
        Equal(
            [
                "shop", "10.0.0.1,10.0.0.2", "5433", "shop_main", null, "7", "0", "0", "3600", "transaction", "round-robin",
                "0", "2", "0", "3", "1", "0",
            ],
            table.Rows[3]);
        Assert.Equal("writer", Column(table, "force_user")[1]);
        Assert.Equal("3", Column(table, "max_connections")[1]);
        Assert.Equal("1", Column(table, "current_connections")[1]);
        Assert.Equal("auto", Column(table, "database")[0]);
        Assert.Equal("1", Column(table, "disabled")[0]);
    }

    [Fact]
    public void Users()
    {
        ResultTable table = ShowUsers.Make(Samples.Snapshot);
        Equal(["ann", "bob", "pgbouncer", "writer"], Column(table, "name"));
        Equal(["ann", "        5", "", "statement", "0", "2", "0", "3"], table.Rows[0]);
        Equal(["bob", "", "", null, "0", "0", "0", "0"], table.Rows[1]);
    }

    [Fact]
    public void Lists()
    {
        ResultTable table = ShowLists.Make(Samples.Snapshot);
        Dictionary<string, string> items = table.Rows.ToDictionary(row => row[0]!, row => row[1]!);
        Assert.Equal("4", items["databases"]);
        Assert.Equal("4", items["users"]);
        Assert.Equal("3", items["pools"]);
        Assert.Equal("4", items["used_clients"]);
        Assert.Equal("1", items["login_clients"]);
        Assert.Equal("3", items["used_servers"]);
        Assert.Equal("2", items["dns_names"]);
        Assert.Equal("1", items["dns_zones"]);
        Assert.Equal("1", items["dns_queries"]);
        Assert.Equal("0", items["dns_pending"]);
        Equal(
            [
                "databases", "users", "peers", "pools", "peer_pools", "free_clients", "used_clients", "login_clients", "free_servers", "used_servers",
                "dns_names", "dns_zones", "dns_queries", "dns_pending",
            ],
            Column(table, "list"));
    }

    [Fact]
    public void Dns()
    {
        ResultTable hosts = ShowDnsHosts.Make(Samples.Snapshot);
        Equal(["db.example", "14", "192.0.2.7:0,[2001:db8::7]:0"], hosts.Rows[0]);
        Equal(["gone.example", "0", ""], hosts.Rows[1]);
        Equal(["example", "4000000000", "2"], Assert.Single(ShowDnsZones.Make(Samples.Snapshot).Rows));
    }

    [Theory]
    [InlineData(PauseState.Active, "yes", "no", "no")]
    [InlineData(PauseState.Paused, "no", "yes", "no")]
    [InlineData(PauseState.Suspended, "no", "no", "yes")]
    internal void State(PauseState state, string active, string paused, string suspended)
    {
        ResultTable table = ShowState.Make(Samples.Snapshot with { State = state });
        Equal(["active", "paused", "suspended"], Column(table, "key"));
        Equal([active, paused, suspended], Column(table, "value"));
    }

    [Fact]
    public void Config_prints_every_setting()
    {
        ResultTable table = ShowConfig.Make(Samples.Snapshot);
        Assert.Equal(SettingTable.All.Count, table.Rows.Count);
        Equal(["listen_port", "6432", "6432", "no"], table.Rows.Single(row => row[0] == "listen_port"));
        Equal(["unix_socket_mode", "511", "0777", "no"], table.Rows.Single(row => row[0] == "unix_socket_mode"));
    }

    [Fact]
    public void Version() => Assert.Equal("PgBouncer 1.25.2 (Pooler 0.1.0)", ShowVersion.Make(Samples.Snapshot).Rows[0][0]);

    [Theory]
    [InlineData("client_encoding", "UTF-8")]
    [InlineData("default_transaction_isolation", "read committed")]
    [InlineData("standard_conforming_strings", "on")]
    [InlineData("datestyle", "ISO")]
    [InlineData("timezone", "GMT")]
    public void Constants(string name, string value) => Assert.Equal(value, ShowConstant.Make(name).Rows[0][0]);

    [Fact]
    public void Stats_have_a_row_per_database()
    {
        ResultTable table = ShowStats.Make(Samples.Snapshot);
        Equal(["log", "pgbouncer", "shop"], Column(table, "database"));

        // The window began two seconds before now.
        Equal(
            [
                "shop", "10", "20", "40", "1000", "2000", "200000", "120000", "5000", "6", "4", "8", "2",
                "5", "10", "20", "500", "1000", "10000", "3000", "500", "3", "2", "4", "1",
            ],
            table.Rows[2]);
        Equal(table.Rows[2][1..13], ShowStats.MakeTotals(Samples.Snapshot).Rows[2][1..]);
        Equal(table.Rows[2][13..], ShowStats.MakeAverages(Samples.Snapshot).Rows[2][1..]);
    }

    [Fact]
    public void Totals_sum_all_pools()
    {
        ResultTable table = ShowTotals.Make(Samples.Snapshot);
        Equal(
            [
                "total_server_assignment_count", "total_xact_count", "total_query_count", "total_client_bytes", "total_server_bytes",
                "total_xact_time", "total_query_time", "total_wait_time", "total_ps_client_parse_count", "total_ps_server_parse_count",
                "total_ps_bind_count", "total_client_login_count", "avg_server_assignment_count", "avg_xact_count", "avg_query_count", "avg_client_bytes",
                "avg_server_bytes", "avg_xact_time", "avg_query_time", "avg_wait_time", "avg_ps_client_parse_count", "avg_ps_server_parse_count",
                "avg_ps_bind_count", "avg_client_login_count",
            ],
            Column(table, "name"));
        Assert.Equal("80", table.Rows[2][1]);
        Assert.Equal("40", table.Rows[14][1]);
        Assert.Equal("10000", table.Rows[17][1]);
    }

    [Fact]
    public void Memory_is_counted_by_kind_of_object()
    {
        PoolSnapshot shop = Samples.Snapshot.Pools[2] with { Servers = [Samples.Server(4, SocketState.ServerIdle) with { PreparedStatements = 6, Outstanding = 2 }] };
        PoolerSnapshot snapshot = Samples.Snapshot with { Buffers = new BufferCount(2, 3), Pools = [.. Samples.Snapshot.Pools[..2], shop] };
        ResultTable table = ShowMem.Make(snapshot);
        Equal(
            [
                "user_cache", "credentials_cache", "db_cache", "peer_cache", "peer_pool_cache", "pool_cache", "outstanding_request_cache", "server_cache",
                "client_cache", "iobuf_cache", "var_list_cache", "server_prepared_statement_cache",
            ],
            Column(table, "name"));
        Dictionary<string, int[]> rows = table.Rows.ToDictionary(row => row[0]!, row => row[1..].Select(value => int.Parse(value!, null)).ToArray());
        Assert.All(rows.Values, row => Assert.Equal(row[0] * (row[1] + row[2]), row[3]));
        Assert.Equal([4096, 2, 3, 5 * 4096], rows["iobuf_cache"]);
        Assert.Equal(6, rows["server_prepared_statement_cache"][1]);
        Assert.Equal(2, rows["outstanding_request_cache"][1]);
        Assert.Equal(4, rows["client_cache"][1]);
        Assert.Equal(snapshot.Pools.Sum(pool => pool.ServerCount), rows["server_cache"][1]);
        Assert.InRange(rows["client_cache"][0], 100, 2000);
    }

    [Fact]
    public void The_size_of_an_object_is_that_of_its_fields()
    {
        Assert.Equal(16, ObjectSize.Of(typeof(object)));
        Assert.Equal(16 + 16, ObjectSize.Of(typeof(Tuple<string, int>)));
        Assert.Equal(16 + 24, ObjectSize.Of(typeof(Tuple<string, decimal>)));
    }

    [Fact]
    public void Peers_are_listed_by_id()
    {
        PoolerSettings settings = PoolerSettings.Default with
        {
            Peers = new Dictionary<int, PeerSettings>
            {
                [7] = new() { Id = 7, Host = "b", Port = 6433, PoolSize = 3 },
                [2] = new() { Id = 2, Host = "a" },
            },
        };
        var snapshot = new PoolerSnapshot { Settings = settings };
        Equal(["2", "a", "6432", "20"], ShowPeers.Make(snapshot).Rows[0]);
        Equal(["7", "b", "6433", "3"], ShowPeers.Make(snapshot).Rows[1]);
        Equal(["2", "7"], Column(ShowPeerPools.Make(snapshot), "peer_id"));
        Equal(["7", "0", "0", "0", "0"], ShowPeerPools.Make(snapshot).Rows[1]);
    }

    private static void Equal(IEnumerable<string?> expected, IEnumerable<string?> actual) => Assert.Equal(expected, actual);

    private static string?[] Column(ResultTable table, string name)
    {
        int index = table.Columns.Select(column => column.Name).ToList().IndexOf(name);
        return [.. table.Rows.Select(row => row[index])];
    }
}
