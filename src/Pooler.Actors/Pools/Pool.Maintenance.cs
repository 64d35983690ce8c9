using Pooler.Actors.Servers;
using Pooler.Actors.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Pools;

/// <content>What happens by time: limits of age and silence, checks, shrinking, and word to those who wait.</content>
internal sealed partial class Pool
{
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
        ServeCancels();
        _isLineDue = true;
        ServeQueue();
        _isLineDue = false;
        NotifyQueued(now);
        if (_servers.Open < MinPoolSize && _queue.Count == 0 && (_record.Clients.Count > 0 || Database.User is not null))
        {
            TryLaunch(LaunchCause.MinPoolSize);
        }

        RetireIfIdle(now);
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
        _hosts.Fail();
        if (server.Replication is { } replication)
        {
            RefuseReplication(replication, PoolerErrors.ConnectTimeout);
            Close(server, PoolerErrors.ConnectTimeout);
            return;
        }

        _retryAt = _context.Loop.Now + Microseconds(Settings.Global.ServerLoginRetry);
        _cachedError = PoolerErrors.ConnectTimeout;
        Close(server, PoolerErrors.ConnectTimeout);
    }

    private void CloseOld(long now)
    {
        var checkDelay = Settings.Global.ServerCheckDelay;
        var checks = Settings.Global.ServerCheckQuery.Length > 0;
        var minimum = MinPoolSize;
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
                else if (TimeLimit.IsOver(Settings.Global.ServerIdleTimeout, now - server.LastUse) && _servers.Open - _servers.Count(ServerState.Login) > minimum)
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

    /// <summary>Gives up servers that do not answer a query of the pooler's own, and outdated ones without waiting for the answer.</summary>
    private void CloseSilent(long now)
    {
        if (_servers.Count(ServerState.Tested) == 0)
        {
            return;
        }

        foreach (var server in _servers.All)
        {
            if (server.State != ServerState.Tested)
            {
                continue;
            }

            if (server.CloseNeeded)
            {
                Close(server, PoolerErrors.DatabaseConfigurationChanged);
            }
            else if (TimeLimit.IsOver(Settings.Global.ServerIdleTimeout, now - server.LastUse))
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
        if (after <= TimeSpan.Zero || _record.IsPaused)
        {
            return;
        }

        // Only those hear of it whom servers under check will serve, and the first for whom a new connection is needed. Whole seconds count.
        var told = _servers.Count(ServerState.Tested) + 1;
        for (var waiter = _queue.First; waiter is not null && told-- > 0 && (now - waiter.Since) / 1_000_000 > (long)after.TotalSeconds; waiter = waiter.Next)
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
}
