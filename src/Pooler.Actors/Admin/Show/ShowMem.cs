using Pooler.Actors.Auth;
using Pooler.Actors.Clients;
using Pooler.Actors.Configuration;
using Pooler.Actors.Pools;
using Pooler.Actors.Relay;
using Pooler.Actors.Relay.Prepared;
using Pooler.Actors.Servers;
using Pooler.Actors.Transport.Epoll;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin.Show;

/// <summary>
/// SHOW MEM: how many objects there are of what is kept per user, database, pool and connection, and how large they are. Only buffers are kept
/// for reuse; of everything else none is free. What the runtime itself needs, for actors and mailboxes, is not counted.
/// </summary>
internal static class ShowMem
{
    private static readonly int UserSize = ObjectSize.Of(typeof(UserSettings));
    private static readonly int SecretSize = ObjectSize.Of(typeof(StoredSecret));
    private static readonly int DatabaseSize = ObjectSize.Of(typeof(DatabaseSettings));
    private static readonly int PeerSize = ObjectSize.Of(typeof(PeerSettings));
    private static readonly int PoolSize = ObjectSize.Of(typeof(Pool), typeof(PoolRecord), typeof(PoolServers), typeof(WaitQueue));
    private static readonly int ServerSize =
        ObjectSize.Of(typeof(ServerConnection), typeof(PooledServer), typeof(ServerLink), typeof(Ledger), typeof(SocketConnection), typeof(Lease));

    private static readonly int ClientSize = ObjectSize.Of(typeof(ClientConnection), typeof(SocketConnection), typeof(Acquire));
    private static readonly int StatementSize = ObjectSize.Of(typeof(PreparedStatement));
    private static readonly int VariablesSize = ObjectSize.Of(typeof(ParameterValues));

    public static ResultTable Make(PoolerSnapshot snapshot)
    {
        int servers = snapshot.Pools.Sum(pool => pool.ServerCount);
        int clients = snapshot.Clients.Length;
        var table = new ResultTable(
            ResultTable.Text("name"), ResultTable.Int4("size"), ResultTable.Int4("used"), ResultTable.Int4("free"), ResultTable.Int4("memtotal"));
        Add(table, "user_cache", UserSize, ShowUsers.Names(snapshot.Settings).Count);
        Add(table, "credentials_cache", SecretSize, snapshot.Settings.UserList.Names.Count());
        Add(table, "db_cache", DatabaseSize, ShowDatabases.All(snapshot).Count());
        Add(table, "peer_cache", PeerSize, snapshot.Settings.Peers.Count);
        Add(table, "peer_pool_cache", PeerSize, ShowPeerPools.Make(snapshot).Rows.Count);
        Add(table, "pool_cache", PoolSize, snapshot.Pools.Length);
        Add(table, "outstanding_request_cache", sizeof(byte), snapshot.Pools.Sum(pool => pool.Servers.Sum(server => server.Outstanding)));
        Add(table, "server_cache", ServerSize, servers);
        Add(table, "client_cache", ClientSize, clients);
        Add(table, "iobuf_cache", snapshot.Settings.Global.PktBuf, snapshot.Buffers.Used, snapshot.Buffers.Free);
        Add(table, "var_list_cache", VariablesSize, clients + servers);
        int statements = snapshot.Pools.Sum(pool => pool.Servers.Sum(server => server.PreparedStatements));
        Add(table, "server_prepared_statement_cache", StatementSize, statements);
        return table;
    }

    private static void Add(ResultTable table, string name, int size, int used, int free = 0) => table.Add(
        name, ResultTable.Number(size), ResultTable.Number(used), ResultTable.Number(free), ResultTable.Number((long)size * (used + free)));
}
