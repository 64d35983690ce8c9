namespace Pooler.Actors.Admin.Show;

/// <summary>SHOW SERVERS: every server connection.</summary>
internal static class ShowServers
{
    public static ResultTable Make(PoolerSnapshot snapshot)
    {
        var table = new ResultTable(SocketColumns.Brief);
        foreach (SocketSnapshot server in Ordered(snapshot))
            table.Add(SocketColumns.BriefRow(server, snapshot.TimeZone));

        return table;
    }

    /// <summary>The servers by pool, then by what they do, then by age.</summary>
    public static IEnumerable<SocketSnapshot> Ordered(PoolerSnapshot snapshot) =>
        snapshot.Pools.SelectMany(Ordered);

    /// <summary>The servers of one pool.</summary>
    public static IEnumerable<SocketSnapshot> Ordered(PoolSnapshot pool) => pool.Servers.OrderBy(server => server.State).ThenBy(server => server.Id);
}
