using Pooler.Actors.Admin;
using Pooler.Actors.Servers;
using Pooler.Actors.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Pools;

/// <content>What happens by time, by PAUSE and by new settings, and what the console is shown.</content>
internal sealed partial class Pool
{
    private Akka.Actor.IActorRef? _pausedReportTo;
    private long _lastLifetimeClose;

    private void Maintain()
    {
        var now = _context.Loop.Now;
        if (_connecting is { } connecting && TimeLimit.IsOver(Settings.Global.ServerConnectTimeout, now - connecting.ConnectStart))
        {
            FailConnecting(connecting);
        }

        CloseOld(now);
        CloseSilent(now);
        ShrinkToSize();
        DropOldCancels(now);
        NotifyQueued(now);
        ServeQueue();
        if (_servers.Open < Settings.MinPoolSize(Database, User) && _queue.Count == 0 && (_record.Clients.Count > 0 || Database.User is not null))
        {
            TryLaunch();
        }
    }

    private void Check(PooledServer server)
    {
        var query = Settings.Global.ServerCheckQuery;
        if (query.Length == 0)
        {
            _servers.MoveToIdle(server, Settings.Global.ServerRoundRobin);
            return;
        }

        _servers.Move(server, ServerState.Tested);
        server.LastUse = _context.Loop.Now;
        server.Actor.Tell(new RunOwnQuery(query, IsReset: false), _self);
    }

    private void FailConnecting(PooledServer server)
    {
        _connecting = null;
        _retryAt = _context.Loop.Now + Microseconds(Settings.Global.ServerLoginRetry);
        _cachedError = PoolerErrors.ConnectTimeout;
        Close(server, PoolerErrors.ConnectTimeout);
    }

    private void CloseOld(long now)
    {
        var checkDelay = Settings.Global.ServerCheckDelay;
        var checks = Settings.Global.ServerCheckQuery.Length > 0;
        var minimum = Settings.MinPoolSize(Database, User);
        foreach (var list in new[] { _servers.Idle, _servers.Used })
        {
            for (var node = list.First; node is not null;)
            {
                var server = node.Value;
                node = node.Next;
                if (server.CloseNeeded)
                {
                    Close(server, PoolerErrors.DatabaseConfigurationChanged);
                }
                else if (TimeLimit.IsOver(Settings.Global.ServerIdleTimeout, now - server.LastUse) && _servers.Open > minimum)
                {
                    Close(server, PoolerErrors.ServerIdleTimeout);
                }
                else if (IsLifetimeOver(server))
                {
                    CloseForAge(server);
                }
                else if (checks && server.State == ServerState.Idle && now - server.LastUse > Microseconds(checkDelay))
                {
                    _servers.MoveToUsed(server);
                }
            }
        }
    }

    /// <summary>Gives up servers that do not answer a query of the pooler's own.</summary>
    private void CloseSilent(long now)
    {
        if (_servers.Count(ServerState.Tested) == 0)
        {
            return;
        }

        foreach (var server in _servers.All)
        {
            if (server.State == ServerState.Tested && TimeLimit.IsOver(Settings.Global.ServerIdleTimeout, now - server.LastUse))
            {
                Close(server, PoolerErrors.ServerIdleTimeout);
            }
        }

        CheckPaused();
    }

    private void ShrinkToSize()
    {
        var size = Settings.PoolSize(Database, User);
        if (size <= 0)
        {
            return;
        }

        var limit = size + Math.Max(0, Settings.ReservePoolSize(Database, User));
        while (_servers.Open > limit && (_servers.Used.Last ?? _servers.Idle.Last) is { } node)
        {
            Close(node.Value, PoolerErrors.TooManyServers);
        }
    }

    private void NotifyQueued(long now)
    {
        var after = Settings.Global.QueryWaitNotify;
        if (after <= TimeSpan.Zero)
        {
            return;
        }

        // Whole seconds count.
        for (var waiter = _queue.First; waiter is not null && (now - waiter.Since) / 1_000_000 > (long)after.TotalSeconds; waiter = waiter.Next)
        {
            if (!waiter.WasNotified)
            {
                waiter.WasNotified = true;
                waiter.Client.Tell(StillQueued.Instance, _self);
            }
        }
    }

    /// <summary>Old enough to be replaced, and not so soon after the last one that the whole pool would be replaced at once.</summary>
    private bool IsLifetimeOver(PooledServer server)
    {
        var now = _context.Loop.Now;
        var lifetime = Microseconds(Settings.ServerLifetime(Database));
        if (now - server.ConnectStart < lifetime)
        {
            return false;
        }

        var size = Settings.PoolSize(Database, User);
        return lifetime == 0 || size <= 0 || _lastLifetimeClose == 0 || now - _lastLifetimeClose >= lifetime / size;
    }

    private void CloseForAge(PooledServer server)
    {
        _lastLifetimeClose = _context.Loop.Now;
        Close(server, PoolerErrors.ServerLifetimeOver);
    }

    private void OnControl(object message)
    {
        switch (message)
        {
            case PausePool:
                _record.IsPaused = true;
                _pausedReportTo = Sender;
                CloseFree(PoolerErrors.PauseMode);
                CheckPaused();
                break;
            case ResumePool:
                _record.IsPaused = false;
                _pausedReportTo = null;
                ServeQueue();
                break;
            case DropPool:
                _isDropped = true;
                _context.Pools.Remove(_record.Key);
                Context.Stop(_self);
                break;
            case RefuseWaiters:
                RefuseAll(PoolerErrors.ServerShuttingDown, SqlStates.ProtocolViolation);
                break;
            case PoolSettingsChanged changed:
                OnSettingsChanged(changed);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnSettingsChanged(PoolSettingsChanged changed)
    {
        _record.Database = changed.Database;
        if (changed.IsDirty)
        {
            _welcome = null;
            _retryAt = 0;
            _cachedError = null;
            foreach (var server in _servers.All)
            {
                server.CloseNeeded = true;
            }

            if (_connecting is { } connecting)
            {
                _connecting = null;
                Close(connecting, PoolerErrors.ConnectStringChanged);
            }
        }

        ServeQueue();
    }

    private void CloseFree(string reason)
    {
        while ((_servers.Idle.First ?? _servers.Used.First) is { } node)
        {
            Close(node.Value, reason);
        }

        if (_connecting is { } connecting)
        {
            _connecting = null;
            Close(connecting, reason);
        }
    }

    private void CheckPaused()
    {
        if (_record.IsPaused
            && _pausedReportTo is { } reportTo
            && _servers.Count(ServerState.Active) + _servers.Count(ServerState.Tested) + _servers.Count(ServerState.BeingCanceled) == 0)
        {
            _pausedReportTo = null;
            reportTo.Tell(PoolPaused.Instance, _self);
        }
    }

    private PoolSnapshot Snapshot()
    {
        var waiting = _queue.Count + _joining.Count;
        var maxWait = _queue.First is { } first ? Math.Max(0, _context.Loop.Now - first.Since) : 0;
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
            ApplicationName = server.Lease?.Link.Parameters[TrackedParameters.ApplicationName] ?? "",
            Id = server.Id,
        };
    }
}
