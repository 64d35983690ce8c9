using Akka.Actor;
using Pooler.Actors.Admin;
using Pooler.Actors.Configuration;
using Pooler.Actors.Dns;
using Pooler.Actors.Logging;
using Pooler.Actors.Supervision;
using Pooler.Actors.Wire;
using Serilog.Events;

namespace Pooler.Actors.Pools;

/// <summary>
/// The registry of pools, /user/pooler/pools: makes each pool on its home loop, restarts it when it faults, and carries PAUSE, RESUME and new settings to all. Lives on
/// no loop; queries never come this way. The other parts of the class pause and resume, find servers to evict, and look after automatic databases.
/// </summary>
internal sealed partial class PoolsActor : UntypedActor, IWithTimers
{
    private readonly IReadOnlyList<LoopContext> _loops;
    private readonly Serilog.ILogger _log;
    private readonly TimeProvider _time;
    private readonly IActorRef _self;
    private readonly Dictionary<PoolKey, Entry> _pools = [];
    private PoolerSettings _settings;
    private long _lastId;

    public PoolsActor(IReadOnlyList<LoopContext> loops, PoolerSettings settings, Serilog.ILogger log, TimeProvider time)
    {
        _loops = loops;
        _settings = settings;
        _log = log;
        _time = time;
        _self = Self;
    }

    public static Props Props(IReadOnlyList<LoopContext> loops, PoolerSettings settings, Serilog.ILogger log, TimeProvider time) =>
        Akka.Actor.Props.Create<PoolsActor>(loops, settings, log, time);

    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(-1, -1, exception =>
        {
            _log.Line(LogEventLevel.Error, $"pool actor failed, starting it anew: {exception}");
            return Directive.Restart;
        });

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(_self, typeof(HostAddressesVanished));

        // A database with a forced user and min_pool_size is warm before the first client comes.
        OpenForcedPools();
    }

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(_self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case FindPool find:
                OnFind(find);
                break;
            case PoolReady ready:
                _awaited.Answered(ready.Ticket, Sender);
                AnswerDone();
                break;
            case PausePools pause:
                OnPause(pause);
                break;
            case ResumePools resume:
                OnResume(resume);
                break;
            case WithdrawPause withdraw:
                OnWithdraw(withdraw);
                break;
            case CommandPools command:
                OnCommand(command);
                break;
            case CollectPools collect:
                Sender.Tell(new PoolsAnnounced(collect.Id, _pools.Count, [.. DatabaseStates()]), _self);
                foreach (var entry in _pools.Values)
                {
                    entry.Actor.Forward(collect);
                }

                break;
            case SettingsChanged changed:
                OnSettingsChanged(changed);
                break;
            case PoolActivity activity:
                OnPoolActivity(activity);
                break;
            case PoolEnding ending:
                OnPoolEnding(ending);
                break;
            case AutoDatabaseCheck:
                CheckAutoDatabases();
                break;
            case MakeRoom makeRoom:
                MakeRoomFor(Sender, makeRoom, isRepeated: false);
                break;
            case ServerKept kept:
                OnServerKept(kept.Order);
                break;
            case ServerOffered offered:
                OnServerOffered(offered);
                break;
            case RefuseWaiters or HostAddressesVanished:
                foreach (var entry in _pools.Values)
                {
                    entry.Actor.Tell(message, _self);
                }

                break;
            case Terminated terminated:
                OnTerminated(terminated.ActorRef);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OpenForcedPools()
    {
        foreach (var database in _settings.Databases.Values)
        {
            if (database.User is { } user && _settings.MinPoolSize(database, user) > 0)
            {
                Find(new FindPool(new PoolKey(database.Name, user)));
            }
        }
    }

    private void OnFind(FindPool find)
    {
        var refusal = _disabled.Contains(find.Key.Database) ? PoolerErrors.DatabaseDisabled(find.Key.Database) : null;
        var found = refusal is null ? Find(find) : null;
        Sender.Tell(new PoolFound(found?.Actor, found?.Record, refusal), _self);
    }

    private Entry? Find(FindPool find)
    {
        if (_pools.TryGetValue(find.Key, out var known))
        {
            return known;
        }

        // The asker may come from a time before the settings in force.
        if (!_settings.TryGetDatabase(find.Key.Database, out var database))
        {
            return null;
        }

        Register(database);
        var record = new PoolRecord(find.Key, database)
        {
            IsPaused = _pauses.IsPaused(find.Key.Database),
            IsDisabled = _disabled.Contains(find.Key.Database),
        };
        var context = _loops[LoopContext.HomeLoop(find.Key, _loops.Count)];
        var actor = Context.ActorOf(Pool.Props(context, record), ActorNames.Pool(find.Key.Database, find.Key.User, ++_lastId));
        Context.Watch(actor);
        var entry = new Entry(actor, record, database);
        _pools.Add(find.Key, entry);
        ReviewAutoDatabase(find.Key.Database);
        return entry;
    }

    private void OnSettingsChanged(SettingsChanged changed)
    {
        _settings = changed.New;
        ForgetRemovedDatabases();
        var dropped = new HashSet<string>();
        foreach (var name in changed.Old.Databases.Keys)
        {
            if (!_settings.Databases.ContainsKey(name) && dropped.Add(name))
            {
                LogDropped(name);
            }
        }

        foreach (var (key, entry) in _pools)
        {
            if (!_settings.TryGetDatabase(key.Database, out var database) || (database.IsAutoDatabase && !entry.Database.IsAutoDatabase))
            {
                // Its clients asked for what was listed; under the same name "*" may mean another one.
                if (dropped.Add(key.Database))
                {
                    LogDropped(key.Database);
                }

                // From now on a client of that name gets a new pool, if any.
                _pools.Remove(key);
                entry.Actor.Tell(DropPool.Instance, _self);
            }
            else if (database != entry.Database)
            {
                // Any change of "*" makes its databases anew.
                var isDirty = database.IsDirtyAgainst(entry.Database) || (database.IsAutoDatabase && entry.Database.IsAutoDatabase);
                entry.Actor.Tell(new PoolSettingsChanged(database, isDirty), _self);
                entry.Database = database;
            }
        }

        ReviewAutoDatabases(dropped);
        OpenForcedPools();
    }

    private void OnTerminated(IActorRef actor)
    {
        foreach (var (key, entry) in _pools)
        {
            if (entry.Actor.Equals(actor))
            {
                _pools.Remove(key);
                ReviewAutoDatabase(key.Database);
                break;
            }
        }

        _awaited.Gone(actor);
        AnswerDone();
        OnPoolGone(actor);
    }

    private sealed class Entry(IActorRef actor, PoolRecord record, DatabaseSettings database)
    {
        public IActorRef Actor { get; } = actor;

        /// <summary>Shared with the pool, on whose thread it is read.</summary>
        public PoolRecord Record { get; } = record;

        public DatabaseSettings Database { get; set; } = database;

        /// <summary>It has a client or a server; kept up to date for automatic databases only.</summary>
        public bool IsActive { get; set; } = true;
    }
}
