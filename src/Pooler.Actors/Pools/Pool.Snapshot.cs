using Pooler.Actors.Admin;
using Pooler.Actors.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Pools;

/// <content>What the console is shown of the pool and its servers.</content>
internal sealed partial class Pool
{
    private PoolSnapshot Snapshot()
    {
        var waiting = _queue.Count + _joining.Count + _replication.Count;
        var maxWait = Math.Max(0, OldestWait(_context.Loop.Now));
        return new PoolSnapshot
        {
            Database = _record.Key.Database,
            User = User,
            ClientActive = _record.Clients.Count - waiting,
            ClientWaiting = waiting,
            ClientActiveCancelRequest = _carriers.Count,
            ClientWaitingCancelRequest = _waitingCancels.Count,
            ServerActive = _servers.Count(ServerState.Active),
            ServerActiveCancel = _carriers.Count,
            ServerBeingCanceled = _servers.Count(ServerState.BeingCanceled),
            ServerIdle = _servers.Count(ServerState.Idle),
            ServerUsed = _servers.Count(ServerState.Used),
            ServerTested = _servers.Count(ServerState.Tested),
            ServerLogin = _servers.Count(ServerState.Login),
            MaxWait = maxWait,
            PoolMode = Settings.PoolMode(Database, User),
            Servers = [.. _servers.All.Where(server => server.State != ServerState.Closing).OrderBy(server => server.State).Select(SnapshotOf)],
            Statistics = _record.Statistics.Snapshot(),
        };
    }

    private SocketSnapshot SnapshotOf(PooledServer server)
    {
        var connection = server.Lease?.Link.Connection;
        var holder = server.Lease?.Holder;
        return new SocketSnapshot
        {
            State = server.State switch
            {
                ServerState.Idle => SocketState.ServerIdle,
                ServerState.Used => SocketState.ServerUsed,
                ServerState.Tested => SocketState.ServerTested,
                ServerState.Active => SocketState.ServerActive,
                ServerState.BeingCanceled => SocketState.ServerBeingCanceled,
                _ => SocketState.ServerNew,
            },
            User = User,
            Database = _record.Key.Database,
            Addr = connection?.Remote.Host,
            Port = connection?.Remote.Port ?? Database.Port,
            LocalAddr = connection?.Local.Host ?? "",
            LocalPort = connection?.Local.Port ?? 0,
            ConnectTime = server.ConnectTime,
            RequestTime = _context.Loop.WallClock - TimeSpan.FromMicroseconds(_context.Loop.Now - Math.Max(server.LastUse, server.Lease?.Link.LastActivity ?? 0)),
            CloseNeeded = server.CloseNeeded,
            Ptr = SocketNames.Pointer(server.Id),
            Link = holder is null ? 0 : SocketNames.Pointer(holder.SocketId),
            RemotePid = connection is null ? 0 : connection.Remote.Pid > 0 ? connection.Remote.Pid : server.Lease!.Link.Key.ProcessId,
            PreparedStatements = server.Lease?.Link.Ledger.Statements?.Count ?? 0,
            ApplicationName = server.Lease?.Link.Parameters[TrackedParameters.ApplicationName] ?? "",
            Replication = ReplicationModes.Word(server.Replication?.Startup.Mode ?? ReplicationMode.None),
            Id = server.Id,
            PktRemain = (int)Math.Min(server.Lease?.Link.Responses.Remaining ?? 0, int.MaxValue),
            Outstanding = server.Lease?.Link.Ledger.Count ?? 0,
        };
    }
}
