namespace Pooler.Actors.Admin.Show;

/// <summary>SHOW LISTS: how many there are of what. Nothing is kept free in advance.</summary>
internal static class ShowLists
{
    public static ResultTable Make(PoolerSnapshot snapshot) =>
        new ResultTable(ResultTable.Text("list"), ResultTable.Int4("items"))
            .Add("databases", ResultTable.Number(ShowDatabases.All(snapshot).Count()))
            .Add("users", ResultTable.Number(ShowUsers.Names(snapshot.Settings).Count))
            .Add("peers", ResultTable.Number(snapshot.Settings.Peers.Count))
            .Add("pools", ResultTable.Number(snapshot.Pools.Length))
            .Add("peer_pools", ResultTable.Number(ShowPeerPools.Make(snapshot).Rows.Count))
            .Add("free_clients", "0")
            .Add("used_clients", ResultTable.Number(snapshot.Clients.Length))
            .Add("login_clients", ResultTable.Number(snapshot.Clients.Count(client => client.State == SocketState.ClientLogin)))
            .Add("free_servers", "0")
            .Add("used_servers", ResultTable.Number(snapshot.Pools.Sum(pool => pool.ServerCount)))
            .Add("dns_names", ResultTable.Number(snapshot.Dns.Hosts.Length))
            .Add("dns_zones", ResultTable.Number(snapshot.Dns.Zones.Length))
            .Add("dns_queries", ResultTable.Number(snapshot.Dns.Queries))
            .Add("dns_pending", "0");
}
