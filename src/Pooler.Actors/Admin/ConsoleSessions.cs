using Akka.Actor;
using Pooler.Actors.Configuration;
using Pooler.Actors.Stats;

namespace Pooler.Actors.Admin;

/// <summary>The open console sessions, their calls under way and the counters of the console's own pool. Used by the admin actor alone.</summary>
internal sealed class ConsoleSessions
{
    private readonly Dictionary<IActorRef, Session> _sessions = [];
    private readonly Dictionary<long, (IActorRef Session, long Command)> _calls = [];
    private readonly PoolStatistics _statistics = new();
    private long _lastCall;

    /// <summary>The sessions that are open.</summary>
    public IEnumerable<IActorRef> All => _sessions.Keys;

    public void Add(IActorRef session)
    {
        if (_sessions.TryAdd(session, new Session()))
            _statistics.ClientLoginCount++;
    }

    /// <summary>A session is gone; nobody waits for its calls.</summary>
    public void Remove(IActorRef session)
    {
        if (!_sessions.Remove(session, out Session? removed))
            return;

        foreach (long call in removed.Calls)
            _calls.Remove(call);
    }

    /// <summary>
    /// Gives the number under which a command of a session is answered. A session counts as one query in one transaction, however many commands
    /// it gives.
    /// </summary>
    public long Begin(IActorRef session, long command)
    {
        long call = ++_lastCall;
        _calls.Add(call, (session, command));
        if (_sessions.TryGetValue(session, out Session? open))
        {
            open.Calls.Add(call);
            if (!open.HasRun)
            {
                open.HasRun = true;
                _statistics.QueryCount++;
                _statistics.TransactionCount++;
            }
        }

        return call;
    }

    /// <summary>Sends an answer to the session that gave the command, if it is still there.</summary>
    public void Reply(long call, ConsoleReply reply, IActorRef self)
    {
        if (!_calls.TryGetValue(call, out (IActorRef Session, long Command) target))
            return;

        if (reply.Kind != ConsoleReplyKind.Waits)
        {
            _calls.Remove(call);
            if (_sessions.TryGetValue(target.Session, out Session? open))
                open.Calls.Remove(call);
        }

        target.Session.Tell(new ConsoleAnswered(target.Command, reply), self);
    }

    /// <summary>The calls of a session that have no final answer.</summary>
    public IReadOnlySet<long> CallsOf(IActorRef session) => _sessions.TryGetValue(session, out Session? open) ? open.Calls : new HashSet<long>();

    /// <summary>The console's own pool.</summary>
    public PoolSnapshot Pool() => new()
    {
        Database = PoolerSettings.ConsoleDatabase,
        User = PoolerSettings.ConsoleDatabase,
        ClientActive = _sessions.Count,
        PoolMode = PoolMode.Statement,
        Statistics = _statistics.Snapshot(),
    };

    private sealed class Session
    {
        public HashSet<long> Calls { get; } = [];

        public bool HasRun { get; set; }
    }
}
