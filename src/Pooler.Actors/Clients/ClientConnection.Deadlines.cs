using Akka.Actor;
using Pooler.Actors.Configuration;
using Pooler.Actors.Pools;
using Pooler.Actors.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Clients;

/// <content>Limits of time, looked at by the loop's sweep: which one counts in which phase, since when, and what it ends.</content>
internal sealed partial class ClientConnection
{
    public void Sweep(long now)
    {
        if (!_context.IsSuspended && FindPassedDeadline(now) is not null)
        {
            _self.Tell(DeadlinePassed.Instance, ActorRefs.NoSender);
        }
        else if (_phase == ClientPhase.Idle && Settings.ClientIdleTimeout(_user) <= TimeSpan.Zero)
        {
            // Nothing can pass before the client asks for a server, or new settings limit its rest: both put it back.
            _context.Loop.Deadlines.Remove(this);
        }
    }

    private void OnDeadline()
    {
        if (FindPassedDeadline(_context.Loop.Now) is not { } text)
        {
            return;
        }

        if (_lease is { } lease && _phase == ClientPhase.Active)
        {
            // These limits end the server too: what it runs belongs to nobody any more.
            GiveBack(lease, text);
        }

        Close(text);
    }

    private string? FindPassedDeadline(long now)
    {
        var settings = Settings;
        switch (_phase)
        {
            case ClientPhase.Login:
                return TimeLimit.IsOver(settings.Global.ClientLoginTimeout, now - _connectStart) ? PoolerErrors.ClientLoginTimeout : null;
            case ClientPhase.FindingPool:
            case ClientPhase.AwaitingWelcome:
                return FindPassedQueueDeadline(settings, _login!.Database!, now)
                    ?? (TimeLimit.IsOver(settings.Global.ClientLoginTimeout, now - _connectStart) ? PoolerErrors.ClientLoginTimeoutServerDown : null);
            case ClientPhase.Waiting:
                return FindPassedQueueDeadline(settings, _record!.Database, now);
            case ClientPhase.Idle:
                return TimeLimit.IsOver(settings.ClientIdleTimeout(_user), now - _lastRequest) ? PoolerErrors.ClientIdleTimeout : null;
            case ClientPhase.Active:
                return FindPassedServerDeadline(settings, _lease!, now);
            default:
                return null;
        }
    }

    /// <summary>A login that waits for the pool's first server is in the queue like anybody else.</summary>
    private string? FindPassedQueueDeadline(PoolerSettings settings, DatabaseSettings database, long now)
    {
        var waited = now - _acquire.Since;
        return TimeLimit.IsOver(settings.Global.QueryTimeout, waited) ? PoolerErrors.QueuedQueryTimeout
            : TimeLimit.IsOver(settings.QueryWaitTimeout(database, _user), waited) ? PoolerErrors.QueryWaitTimeout
            : null;
    }

    private string? FindPassedServerDeadline(PoolerSettings settings, Lease lease, long now)
    {
        var link = lease.Link;
        var isReplication = link.Replication != ReplicationMode.None;
        if (isReplication && lease.Server.CloseNeeded)
        {
            // It has no end of its own that could be waited for.
            return PoolerErrors.DatabaseConfigurationChanged;
        }

        if (link.IsReleasable)
        {
            // Between two transactions of a session, or of a client that keeps its server: the only time at which an outdated one can go.
            return lease.Server.CloseNeeded && settings.Global.ServerFastClose && (IsSession || link.Tracker is { IsPinned: true })
                ? PoolerErrors.DatabaseConfigurationChanged
                : null;
        }

        var serverUser = ServerUser;
        if (!isReplication && link.QueryStart > 0 && TimeLimit.IsOver(settings.QueryTimeout(serverUser), now - link.QueryStart))
        {
            return PoolerErrors.QueryTimeout;
        }

        if (link.IsReady && link.TransactionStatus != TransactionStatus.Idle
            && TimeLimit.IsOver(settings.IdleTransactionTimeout(serverUser), now - link.LastActivity))
        {
            return PoolerErrors.IdleTransactionTimeout;
        }

        // A request outside a transaction block is a transaction of its own. A stream, and the copy of a cluster or a table, take as long as they take.
        return !isReplication && link.TransactionStart > 0 && TimeLimit.IsOver(settings.TransactionTimeout(serverUser), now - link.TransactionStart)
            ? PoolerErrors.TransactionTimeout
            : null;
    }
}
