namespace Pooler.Actors.Admin.Show;

/// <summary>
/// SHOW SOCKETS and ACTIVE_SOCKETS: clients and servers with the state of their buffers. Cancel requests and their connections are not listed.
/// </summary>
internal static class ShowSockets
{
    /// <summary>SHOW SOCKETS.</summary>
    public static ResultTable Make(PoolerSnapshot snapshot) => Make(snapshot, static _ => true);

    /// <summary>SHOW ACTIVE_SOCKETS: those with a message under way.</summary>
    public static ResultTable MakeActive(PoolerSnapshot snapshot) => Make(snapshot, IsActive);

    private static ResultTable Make(PoolerSnapshot snapshot, Func<SocketSnapshot, bool> wanted)
    {
        var table = new ResultTable(SocketColumns.Full);
        foreach (SocketSnapshot socket in Ordered(snapshot))
        {
            if (wanted(socket))
                table.Add(SocketColumns.FullRow(socket, snapshot.TimeZone));
        }

        return table;
    }

    // Pool by pool: first its clients, then its servers.
    private static IEnumerable<SocketSnapshot> Ordered(PoolerSnapshot snapshot)
    {
        ILookup<(string?, string?), SocketSnapshot> clients = ShowClients.Ordered(snapshot)
            .Where(client => client.State is SocketState.ClientActive or SocketState.ClientWaiting)
            .ToLookup(client => (client.Database, ShowClients.PoolUser(snapshot, client)));
        foreach (PoolSnapshot pool in snapshot.Pools)
        {
            foreach (SocketSnapshot client in clients[(pool.Database, pool.User)])
                yield return client;
            foreach (SocketSnapshot server in ShowServers.Ordered(pool))
            {
                if (server.State is not (SocketState.ServerActiveCancel or SocketState.ServerBeingCanceled))
                    yield return server;
            }
        }

        foreach (SocketSnapshot client in snapshot.Clients.Where(client => client.State == SocketState.ClientLogin).OrderBy(client => client.Id))
            yield return client;
    }

    private static bool IsActive(SocketSnapshot socket) => socket.PktRemain > 0 || socket.PktAvail > 0 || socket.SendAvail > 0;
}
