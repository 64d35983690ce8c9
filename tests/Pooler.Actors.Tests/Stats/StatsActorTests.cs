using Akka.Actor;
using Pooler.Actors.Admin;
using Pooler.Actors.Configuration;
using Pooler.Actors.Stats;
using Pooler.Actors.Tests.Admin;
using Pooler.Actors.Tests.Transport;
using Pooler.Testing;

namespace Pooler.Actors.Tests.Stats;

public sealed class StatsActorTests : IAsyncLifetime
{
    private static readonly GlobalSettings EverySecond = GlobalSettings.Default with { StatsPeriod = TimeSpan.FromSeconds(1) };

    private readonly ActorSystem _system = ActorSystem.Create("stats");
    private readonly RecordingLog _log = new();
    private readonly Probe _pools;
    private readonly Probe _asker;

    public StatsActorTests()
    {
        _pools = new Probe(_system);
        _asker = new Probe(_system);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    [Fact]
    public async Task A_period_ends_with_a_new_window_and_a_line()
    {
        IActorRef pools = _system.ActorOf(SteadyPools.Props(queriesPerPeriod: 3));
        IActorRef stats = _system.ActorOf(StatsActor.Props(EverySecond, pools, _log.Logger, TimeProvider.System));
        await Wait.UntilAsync(() => _log.Lines.Count > 0, "a statistics line");
        Assert.StartsWith("Information stats: 0 xacts/s, ", _log.Lines.First(), StringComparison.Ordinal);

        stats.Tell(new GetStatisticsWindow(5), _asker.Ref);
        StatisticsWindowAnswered answer = await _asker.Expect<StatisticsWindowAnswered>();
        Assert.Equal(5, answer.Id);
        Assert.Equal(3, answer.Window.LastPeriod.QueryCount);
    }

    [Fact]
    public async Task The_consoles_pool_is_asked_too_and_the_line_can_be_turned_off()
    {
        IActorRef pools = _system.ActorOf(SteadyPools.Props(queriesPerPeriod: 0));
        IActorRef console = _system.ActorOf(SteadyPools.Props(queriesPerPeriod: 2));
        IActorRef stats = _system.ActorOf(StatsActor.Props(EverySecond with { LogStats = false }, pools, _log.Logger, TimeProvider.System));
        stats.Tell(ConsolePoolJoined.Instance, console);

        // Periods that end before the console is known count nothing.
        await Wait.UntilAsync(
            async () =>
            {
                stats.Tell(new GetStatisticsWindow(1), _asker.Ref);
                return (await _asker.Expect<StatisticsWindowAnswered>()).Window.LastPeriod.QueryCount == 2;
            },
            "the console's queries in the window");
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task A_new_period_counts_at_once()
    {
        _system.ActorOf(StatsActor.Props(GlobalSettings.Default, _pools.Ref, _log.Logger, TimeProvider.System));
        PoolerSettings old = PoolerSettings.Default;
        PoolerSettings settings = old with { Global = EverySecond };
        var changed = new SettingsChanged(old, settings, SettingsDiff.Between(old, settings));

        // The actor subscribes while it starts, so the message is repeated until it is heard.
        Task<CollectPools> collected = _pools.Expect<CollectPools>();
        await Wait.UntilAsync(
            () =>
            {
                _system.EventStream.Publish(changed);
                return collected.IsCompleted;
            },
            "the actor has heard of the period");
        Assert.Equal(1, (await collected).Id);
    }

    [Fact]
    public async Task A_period_longer_than_any_timer_does_no_harm()
    {
        IActorRef stats = _system.ActorOf(StatsActor.Props(
            GlobalSettings.Default with { StatsPeriod = TimeSpan.FromSeconds(int.MaxValue) }, _pools.Ref, _log.Logger, TimeProvider.System));
        stats.Tell(new GetStatisticsWindow(5), _asker.Ref);
        Assert.Equal(5, (await _asker.Expect<StatisticsWindowAnswered>()).Id);
    }

    [Theory]
    [InlineData(true, "stats: 3 xacts/s, ")]
    [InlineData(false, "stats: 0 xacts/s, ")]
    public async Task Each_period_is_published_and_without_the_log_as_zeros(bool logStats, string beginning)
    {
        var watch = new Probe(_system);
        _system.EventStream.Subscribe(watch.Ref, typeof(StatisticsPublished));
        var time = new ManualTime();
        _system.ActorOf(StatsActor.Props(EverySecond with { LogStats = logStats }, _pools.Ref, _log.Logger, time));
        CollectPools question = await _pools.Expect<CollectPools>();
        time.Advance(TimeSpan.FromSeconds(1));
        _pools.Reply(new PoolsAnnounced(question.Id, 1, []));
        _pools.Reply(new PoolCollected(question.Id, new() { Database = "a", User = "u", Statistics = new StatisticsSnapshot { TransactionCount = 3 } }));
        Assert.StartsWith(beginning, (await watch.Expect<StatisticsPublished>()).Status, StringComparison.Ordinal);
    }

    /// <summary>Stands in for all pools: answers every question with one pool, whose total grows by the same number from question to question.</summary>
    private sealed class SteadyPools(long queriesPerPeriod) : UntypedActor
    {
        private long _queries;

        public static Props Props(long queriesPerPeriod) => Akka.Actor.Props.Create(() => new SteadyPools(queriesPerPeriod));

        protected override void OnReceive(object message)
        {
            if (message is not CollectPools question)
                return;

            _queries += queriesPerPeriod;
            Sender.Tell(new PoolsAnnounced(question.Id, 1, []));
            Sender.Tell(new PoolCollected(question.Id, new() { Database = "a", User = "u", Statistics = new StatisticsSnapshot { QueryCount = _queries } }));
        }
    }
}
