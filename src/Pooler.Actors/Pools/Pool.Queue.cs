using Akka.Actor;
using Pooler.Actors.Configuration;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Pools;

/// <content>Clients: how they join, ask, wait in line, are served and leave.</content>
internal sealed partial class Pool
{
    private void OnAcquire(Acquire acquire)
    {
        if (acquire.Granted is not null || acquire.IsQueued)
        {
            return;
        }

        // Nobody passes a waiter: with a queue, a newcomer stands at its end.
        if (!_record.IsPaused && !_context.IsSuspended && !acquire.IsOnHold && _queue.Count == 0 && TakeIdle() is { } server)
        {
            Grant(server, acquire);
            return;
        }

        if (_context.IsDrainingServers)
        {
            Refuse(acquire, PoolerErrors.ServerShuttingDown);
            return;
        }

        if (_cachedError is not null && !_record.IsPaused && !_servers.HasShared)
        {
            // Nobody has to wait for what has failed last; but with nobody waiting this is what makes the next attempt.
            Refuse(acquire, PoolerErrors.ServerLoginHasBeenFailing(_cachedError));
            TryLaunch();
            return;
        }

        _queue.Enqueue(acquire);
        ServeQueue();
    }

    private static void Refuse(Acquire acquire, string text, string sqlState = SqlStates.ProtocolViolation) =>
        acquire.Client.Tell(new PoolRefused(text, sqlState), ActorRefs.NoSender);

    /// <summary>Gets servers for those who wait: checks a used one, or opens a new one.</summary>
    private void ServeQueue()
    {
        if (_record.IsPaused)
        {
            GiveUpPlace();
            return;
        }

        if (_context.IsSuspended)
        {
            return;
        }

        var isReplicationNext = NextReplication is not null;
        if (isReplicationNext)
        {
            // Before the free servers go to those behind it, since one of them may have to make room.
            TryLaunch();
            if (_isInLine && _queue.ReadyCount > 0)
            {
                EvictFor(starved: false);
            }
        }

        while (_queue.ReadyCount > 0 && TakeIdle() is { } server)
        {
            Grant(server, _queue.Dequeue()!);
        }

        // One check per waiter at the most.
        while (_queue.ReadyCount > _servers.Count(ServerState.Tested) && _servers.Used.First is { Value: var used })
        {
            if (used.CloseNeeded)
            {
                Close(used, PoolerErrors.ObsoleteConnection);
            }
            else
            {
                Check(used);
            }
        }

        // Without a check query the used ones have just become idle.
        while (_queue.ReadyCount > 0 && TakeIdle() is { } server)
        {
            Grant(server, _queue.Dequeue()!);
        }

        if (isReplicationNext)
        {
            return;
        }

        if (_queue.ReadyCount > _servers.Count(ServerState.Tested) || _joining.Count > 0 || _replication.Count > 0)
        {
            TryLaunch();
        }
        else
        {
            GiveUpPlace();
        }
    }

    private PooledServer? TakeIdle()
    {
        while (_servers.Idle.First is { } node)
        {
            var server = node.Value;
            if (!server.CloseNeeded)
            {
                return server;
            }

            Close(server, PoolerErrors.ObsoleteConnection);
        }

        return null;
    }

    private void Grant(PooledServer server, Acquire waiter)
    {
        Assign(server, waiter);
        waiter.Client.Tell(server.Lease!, _self);
    }

    /// <summary>The server is the client's from now on; it has yet to be told.</summary>
    private void Assign(PooledServer server, Acquire waiter)
    {
        var lease = server.Lease!;
        var statistics = _record.Statistics;
        var now = _context.Loop.Now;
        statistics.ServerAssignmentCount++;
        statistics.WaitTime += now - waiter.Since;
        _servers.Move(server, ServerState.Active);
        server.LastUse = now;
        lease.Holder = waiter;
        lease.IsTaken = false;
        lease.CloseReason = null;
        var mode = Settings.PoolMode(Database, User);
        lease.Link.IsStatementMode = mode == PoolMode.Statement && server.Replication is null;
        lease.Link.IsSessionMode = mode == PoolMode.Session || server.Replication is not null;
        waiter.Granted = lease;
    }

    private void OnJoin(JoinPool join)
    {
        if (IsTurnedAway(join))
        {
            return;
        }

        _record.Clients.Add(join.Acquire);
        if (join.Keys is not null && Database.User is null)
        {
            _record.Keys = join.Keys;
        }

        if (join.IsWelcome)
        {
            return;
        }

        if (_record.IsDisabled)
        {
            Refuse(join.Acquire, PoolerErrors.DatabaseDisabled(_record.Key.Database));
            return;
        }

        if (_welcome is not null && join.Replication is null)
        {
            Greet(join.Acquire);
            return;
        }

        if (_context.IsDrainingServers)
        {
            Refuse(join.Acquire, PoolerErrors.ServerShuttingDown);
            return;
        }

        if (join.Replication is { } replication)
        {
            JoinReplication(new ReplicationWaiter(join.Acquire, replication));
            return;
        }

        _joining.Add(join.Acquire);
        TryLaunch();
    }

    private void OnLeave(LeavePool leave)
    {
        var acquire = leave.Acquire;
        _record.Clients.Remove(acquire);
        _queue.Remove(acquire);
        _joining.Remove(acquire);
        LeaveReplication(acquire);
        if (_isInLine)
        {
            // It may have been the one for whom the pool stands there.
            ServeQueue();
        }

        if (acquire.Granted is not { } lease)
        {
            return;
        }

        if (lease.IsTaken)
        {
            // It was in the client's hand when the client ended without giving it back.
            lease.CloseReason ??= leave.CloseReason ?? PoolerErrors.ClientLeftServerNotReady;
        }

        OnReleased(lease);
    }
}
