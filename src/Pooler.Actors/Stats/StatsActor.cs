using Akka.Actor;
using Pooler.Actors.Admin;
using Pooler.Actors.Configuration;
using Pooler.Actors.Logging;
using Pooler.Actors.Supervision;
using Serilog;
using Serilog.Events;

namespace Pooler.Actors.Stats;

/// <summary>
/// Keeps what averages are measured from: every stats_period it collects the counters of all pools, moves the window on and, with log_stats,
/// logs the averages of the period, which the event stream gets too. Lives at /user/pooler/stats, on no loop.
/// </summary>
internal sealed class StatsActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShortestPeriod = TimeSpan.FromSeconds(1);

    private readonly IActorRef _pools;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private GlobalSettings _settings;
    private IActorRef? _console;
    private StatisticsWindow _window;
    private SnapshotCollection? _collection;
    private long _lastId;

    public StatsActor(GlobalSettings settings, IActorRef pools, ILogger log, TimeProvider time)
    {
        _settings = settings;
        _pools = pools;
        _log = log;
        _time = time;
        _window = StatisticsWindow.Begin(time.Microseconds());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="settings">The settings at the start; later ones come from the event stream.</param>
    /// <param name="pools">The pools registry.</param>
    /// <param name="log">Where the line goes.</param>
    /// <param name="time">The clock.</param>
    public static Props Props(GlobalSettings settings, IActorRef pools, ILogger log, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new StatsActor(settings, pools, log, time));

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(SettingsChanged));
        StartPeriod();
    }

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case PeriodEnded:
                Collect();
                break;
            case PoolsAnnounced answer when answer.Id == _collection?.Id:
                _collection.Add(answer);
                AdvanceIfComplete();
                break;
            case PoolCollected answer when answer.Id == _collection?.Id:
                _collection.Add(answer);
                AdvanceIfComplete();
                break;
            case CollectionTimedOut timeout when timeout.Id == _collection?.Id:
                // A pool that did not answer would seem to begin at zero; the next period takes this one in instead.
                _collection = null;
                break;
            case PoolsAnnounced or PoolCollected or CollectionTimedOut:
                break;
            case GetStatisticsWindow question:
                Sender.Tell(new StatisticsWindowAnswered(question.Id, _window));
                break;
            case ConsolePoolJoined:
                _console = Sender;
                break;
            case SettingsChanged changed:
                Apply(changed.New.Global);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Apply(GlobalSettings settings)
    {
        bool restart = settings.StatsPeriod != _settings.StatsPeriod;
        _settings = settings;
        if (restart)
            StartPeriod();
    }

    private void StartPeriod()
    {
        TimeSpan period = TimeLimit.ForTimer(_settings.StatsPeriod < ShortestPeriod ? ShortestPeriod : _settings.StatsPeriod);
        Timers.StartPeriodicTimer(nameof(PeriodEnded), PeriodEnded.Instance, period, period);
    }

    private void Collect()
    {
        _collection = new SnapshotCollection(++_lastId, _console is null ? 1 : 2, [], wantsWindow: false);
        var question = new CollectPools(_lastId);
        _pools.Tell(question, Self);
        _console?.Tell(question, Self);
        Timers.StartSingleTimer(nameof(CollectionTimedOut), new CollectionTimedOut(_lastId), Patience);
    }

    private void AdvanceIfComplete()
    {
        if (_collection is not { IsComplete: true } collection)
            return;

        _collection = null;
        Timers.Cancel(nameof(CollectionTimedOut));
        _window = _window.Advance(_time.Microseconds(), collection.Pools);
        StatisticsSnapshot average = _settings.LogStats ? _window.LastPeriodAverage : StatisticsSnapshot.Zero;
        if (_settings.LogStats)
            _log.Line(LogEventLevel.Information, StatisticsLine.Format(average));
        Context.System.EventStream.Publish(new StatisticsPublished(StatisticsLine.FormatStatus(average)));
    }

    private sealed record PeriodEnded
    {
        public static PeriodEnded Instance { get; } = new();
    }
}
