using Pooler.Actors.Logging;
using Pooler.Actors.Servers;
using Pooler.Actors.Supervision;
using Pooler.Actors.Wire;
using Serilog.Events;

namespace Pooler.Actors.Pools;

/// <content>Opening servers: one attempt at a time, what the first one tells, what a failed one means to those who wait.</content>
internal sealed partial class Pool
{
    private const int CachedErrorLength = 99;

    private readonly HostRotation _hosts = new();
    private PooledServer? _connecting;
    private Welcome? _welcome;
    private string? _cachedError;
    private long _retryAt;

    private void TryLaunch(LaunchCause cause = LaunchCause.Waiters)
    {
        if (_context.IsDrainingServers || _context.IsSuspended || _isDropped)
        {
            return;
        }

        CloseObsoleteForLogin();
        var now = _context.Loop.Now;
        var replication = cause == LaunchCause.Waiters ? NextReplication : null;
        var decision = LaunchPolicy.Decide(new LaunchPolicy.Input
        {
            Servers = _servers.Total + _carriers.Count,
            Closing = _servers.Count(ServerState.Closing),
            PoolSize = Settings.PoolSize(Database, User),
            ReserveSize = Settings.ReservePoolSize(Database, User),
            ReserveTimeout = Microseconds(Settings.Global.ReservePoolTimeout),
            OldestWait = OldestWait(now),
            IsConnecting = _connecting is not null,
            RetryAt = _retryAt,
            Now = now,
            IsPaused = _record.IsPaused,
            IsForReplication = replication is not null,
        });
        if (decision is LaunchPolicy.Decision.No or LaunchPolicy.Decision.Evict)
        {
            GiveUpPlace();
            if (decision == LaunchPolicy.Decision.Evict)
            {
                EvictForReplication();
            }

            return;
        }

        if (!TryTakePlace(cause, out var place))
        {
            return;
        }

        if (decision == LaunchPolicy.Decision.FromReserve)
        {
            _context.Log.Line(LogEventLevel.Warning, "taking connection from reserve_pool");
        }

        Launch(now, place, replication);
    }

    /// <summary>How long the one has waited that waits longest, for a server or for its welcome.</summary>
    private long OldestWait(long now)
    {
        var queued = _queue.First is { } first ? now - first.Since : 0;
        var joining = _joining.Count > 0 ? now - _joining[0].Since : 0;
        var replication = _replication.Count > 0 ? now - _replication[0].Acquire.Since : 0;
        return Math.Max(Math.Max(queued, joining), replication);
    }

    private void Launch(long now, ServerPlace place, ReplicationWaiter? replication)
    {
        var id = _context.Counters.NextSocketId();
        var plan = new ServerPlan
        {
            Id = id,
            Place = place,
            Database = Database,
            User = LoginUser,
            Secret = Settings.ServerSecret(Database, LoginUser),
            Keys = Database.User is null ? _record.Keys : null,
            HostTurn = _hosts.Next(Database.LoadBalanceHosts),
            Statistics = _record.Statistics,
            Replication = replication?.Startup,
        };
        var actor = Context.ActorOf(ServerConnection.Props(_context, plan), ActorNames.Server(id));
        Context.Watch(actor);
        _connecting = new PooledServer(id, actor, place, now, _context.Loop.WallClock) { Replication = replication };
        _servers.Add(_connecting);
    }

    private void OnLoggedIn(ServerLoggedIn message)
    {
        if (!_servers.TryGet(message.Id, out var server) || server.State != ServerState.Login)
        {
            return;
        }

        _connecting = null;
        ForgetFailure();
        server.Lease = new Lease(server, message.Link, message.Link.Connection.Owner!);
        server.LastUse = _context.Loop.Now;
        NoteHost(server, message.Host);
        if (server.Replication is { } replication)
        {
            // What it reports is for its client alone.
            LendForReplication(server, replication, message);
            return;
        }

        _welcome ??= new Welcome(_record, message.Parameters, message.Link.Parameters.Clone());
        foreach (var acquire in _joining)
        {
            _record.Statistics.WaitTime += _context.Loop.Now - acquire.Since;
            Greet(acquire);
        }

        _joining.Clear();
        MakeIdle(server, isFresh: true);
        ServeQueue();
    }

    private void OnLoginFailed(ServerLoginFailed message)
    {
        if (!_servers.TryGet(message.Id, out var server))
        {
            return;
        }

        var wasConnecting = server.State == ServerState.Login;
        _servers.Remove(server);
        if (ReferenceEquals(_connecting, server))
        {
            _connecting = null;
        }

        // A login that the pool itself cut off says nothing about the server.
        if (wasConnecting && server.Replication is { } replication)
        {
            RefuseReplication(replication, message.Reason);
        }

        if (wasConnecting && (server.Replication is null || !message.IsReached))
        {
            _hosts.Fail();
            _retryAt = _context.Loop.Now + Microseconds(Settings.Global.ServerLoginRetry);
            _cachedError = message.Reason.Length > CachedErrorLength ? message.Reason[..CachedErrorLength] : message.Reason;
            if (message.Text is not null && !_servers.HasShared)
            {
                RefuseAll(message.Text, message.SqlState ?? SqlStates.ProtocolViolation);
            }
        }
        else
        {
            ServeQueue();
        }

        ServeCancels();
        CheckPaused();
        CheckReplaced();
    }

    private void ForgetFailure()
    {
        _retryAt = 0;
        _cachedError = null;
    }

    private void Greet(Acquire acquire)
    {
        _record.Statistics.ClientLoginCount++;
        acquire.Client.Tell(_welcome!, _self);
    }

    private void RefuseAll(string text, string sqlState)
    {
        foreach (var acquire in _joining)
        {
            Refuse(acquire, text, sqlState);
        }

        _joining.Clear();
        foreach (var waiter in _replication)
        {
            Refuse(waiter.Acquire, text, sqlState);
        }

        _replication.Clear();
        while (_queue.Dequeue() is { } waiter)
        {
            Refuse(waiter, text, sqlState);
        }
    }

    private static long Microseconds(TimeSpan time) => (long)time.TotalMicroseconds;
}
