using Pooler.Actors.Configuration;
using Pooler.Actors.Servers;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Pools;

/// <content>Servers that come back: from a client, from a query of the pooler's own, or to be closed.</content>
internal sealed partial class Pool
{
    private void OnReleased(Lease lease)
    {
        if (lease.Holder is not { } holder)
        {
            return;
        }

        holder.Granted = null;
        lease.Holder = null;
        lease.IsTaken = false;
        var server = lease.Server;
        if (server.State != ServerState.Active)
        {
            return;
        }

        server.LastUse = _context.Loop.Now;
        AbandonUnsentCancels(server);
        DropWaitingCancels(server);
        if (server.Replication is not null)
        {
            lease.CloseReason ??= PoolerErrors.ReplicationClientClosed;
        }

        if (lease.CloseReason is { } reason)
        {
            Close(server, reason);
        }
        else if (server.Cancels.Count > 0)
        {
            // A cancel that is on its way must not strike the next client's query.
            _servers.Move(server, ServerState.BeingCanceled);
        }
        else
        {
            Recycle(server);
            return;
        }

        ServeQueue();
        CheckPaused();
    }

    /// <summary>Makes a server that came back ready for the next client, or closes it.</summary>
    private void Recycle(PooledServer server)
    {
        var resetQuery = Settings.Global.ServerResetQuery;
        var needsReset = server.Lease!.NeedsReset;
        server.Lease.NeedsReset = false;
        if (server.CloseNeeded)
        {
            Close(server, PoolerErrors.CloseNeeded);
        }
        else if (IsLifetimeOver(server))
        {
            CloseForAge(server);
        }
        else if (needsReset && resetQuery.Length == 0)
        {
            Close(server, PoolerErrors.ServerHasSessionState);
        }
        else if (resetQuery.Length > 0 && (needsReset || Settings.Global.ServerResetQueryAlways || IsSession(server)))
        {
            if (!_context.IsSuspended)
            {
                _servers.Move(server, ServerState.Tested);
                server.Lease.Link.Settings?.OnReset(resetQuery);
                server.Actor.Tell(new RunOwnQuery(resetQuery, IsReset: true), _self);
                return;
            }

            Close(server, PoolerErrors.UnsafeDescriptorOnSuspend);
        }
        else
        {
            MakeIdle(server);
            return;
        }

        ServeQueue();
        CheckPaused();
    }

    /// <summary>It was lent for a session, or has become one's: a RELOAD may change the mode either way meanwhile.</summary>
    private bool IsSession(PooledServer server) => server.Lease!.Link.IsSessionMode || Settings.PoolMode(Database, User) == PoolMode.Session;

    private bool ChecksEveryUse => Settings.Global.ServerCheckDelay == TimeSpan.Zero && Settings.Global.ServerCheckQuery.Length > 0;

    /// <summary>Gives a server to whoever has waited longest, or puts it among the free ones; <paramref name="isFresh"/>: it has just logged in, which is check enough.</summary>
    private void MakeIdle(PooledServer server, bool isFresh = false)
    {
        if (_record.IsPaused)
        {
            Close(server, PoolerErrors.PauseMode);
            CheckPaused();
        }
        else if (_context.IsSuspended)
        {
            server.Lease!.Link.Connection.PauseReading();
            _servers.MoveToIdle(server, Settings.Global.ServerRoundRobin);
        }
        else if (ChecksEveryUse && (!isFresh || _queue.Count == 0))
        {
            _servers.MoveToUsed(server);
            ServeQueue();
            YieldIdle();
        }
        else if (_replication.Count > 0)
        {
            // Whose turn it is depends on who came first.
            _servers.MoveToIdle(server, Settings.Global.ServerRoundRobin);
            ServeQueue();
            YieldIdle();
        }
        else if (_queue.ReadyCount > 0 && !server.CloseNeeded)
        {
            Grant(server, _queue.Dequeue()!);
        }
        else
        {
            _servers.MoveToIdle(server, Settings.Global.ServerRoundRobin);
            YieldIdle();
        }
    }

    private void OnOwnQueryDone(long id)
    {
        if (!_servers.TryGet(id, out var server) || server.State != ServerState.Tested)
        {
            return;
        }

        server.LastUse = _context.Loop.Now;
        if (server.CloseNeeded)
        {
            Close(server, PoolerErrors.CloseNeeded);
            ServeQueue();
            CheckPaused();
            return;
        }

        if (_record.IsPaused)
        {
            Close(server, PoolerErrors.PauseMode);
            CheckPaused();
            return;
        }

        // A checked server is fresh whatever server_check_delay says: it goes to a waiter or among the idle ones.
        _servers.MoveToIdle(server, Settings.Global.ServerRoundRobin);
        ServeQueue();
        YieldIdle();
    }
}
