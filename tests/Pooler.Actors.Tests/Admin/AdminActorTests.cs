using Akka.Actor;
using Pooler.Actors.Admin;
using Pooler.Actors.Configuration;
using Pooler.Actors.Dns;
using Pooler.Actors.Stats;

namespace Pooler.Actors.Tests.Admin;

public sealed partial class AdminActorTests : IAsyncLifetime
{
    private readonly ActorSystem _system = ActorSystem.Create("admin");
    private readonly RecordingLog _log = new();
    private readonly Probe _pools;
    private readonly Probe _loop;
    private readonly Probe _configuration;
    private readonly Probe _root;
    private readonly Probe _statistics;
    private readonly Probe _dns;
    private readonly Probe _session;
    private readonly Probe _listeners;
    private long _commands;
    private IActorRef _admin = ActorRefs.Nobody;

    public AdminActorTests()
    {
        _pools = new Probe(_system);
        _loop = new Probe(_system);
        _configuration = new Probe(_system);
        _root = new Probe(_system);
        _statistics = new Probe(_system);
        _dns = new Probe(_system);
        _session = new Probe(_system);
        _listeners = new Probe(_system);
    }

    public async Task InitializeAsync()
    {
        _admin = Start(null);
        await _configuration.Expect<GetSettings>();
        await _statistics.Expect<ConsolePoolJoined>();
        _admin.Tell(ConsoleOpened.Instance, _session.Ref);
    }

    public Task DisposeAsync() => _system.Terminate();

    [Fact]
    public async Task Show_pools_collects_in_any_order()
    {
        Run("SHOW POOLS");
        CollectPools question = await _pools.Expect<CollectPools>();
        _pools.Reply(new PoolCollected(question.Id, Pool("shop")));
        _pools.Reply(new PoolsAnnounced(question.Id, 2, []));
        _pools.Reply(new PoolCollected(question.Id, Pool("log")));

        ConsoleReply reply = await Answer();
        Assert.Equal(["log", "pgbouncer", "shop"], reply.Table!.Rows.Select(row => row[0]));
        Assert.Equal("1", reply.Table.Rows[1][2]);
        _loop.AssertQuiet();
    }

    [Fact]
    public async Task Show_clients_asks_loops_and_consoles()
    {
        Run("SHOW CLIENTS");
        CollectClients question = await _loop.Expect<CollectClients>();
        _loop.Reply(new ClientsCollected(question.Id, [Samples.Client(1, SocketState.ClientActive)]));
        await _session.Expect<CollectClients>();
        _session.Reply(new ClientsCollected(question.Id, [Samples.Client(2, SocketState.ClientActive)]));
        Assert.Equal(2, (await Answer()).Table!.Rows.Count);
    }

    [Fact]
    public async Task Show_goes_on_when_a_console_is_gone()
    {
        var other = new Probe(_system);
        _admin.Tell(ConsoleOpened.Instance, other.Ref);
        Run("SHOW CLIENTS");
        CollectClients question = await _loop.Expect<CollectClients>();
        _loop.Reply(new ClientsCollected(question.Id, []));
        await _session.Expect<CollectClients>();
        _session.Reply(new ClientsCollected(question.Id, []));
        await other.Expect<CollectClients>();
        _system.Stop(other.Ref);
        Assert.Empty((await Answer()).Table!.Rows);
    }

    [Fact]
    public async Task Show_stats_asks_for_the_window()
    {
        Run("SHOW STATS");
        CollectPools question = await _pools.Expect<CollectPools>();
        _pools.Reply(new PoolsAnnounced(question.Id, 0, []));
        await _statistics.Expect<GetStatisticsWindow>();
        _statistics.Reply(new StatisticsWindowAnswered(question.Id, StatisticsWindow.Begin(0)));
        string?[] row = Assert.Single((await Answer()).Table!.Rows);
        Assert.Equal("pgbouncer", row[0]);
        Assert.Equal(("1", "1"), (row[2], row[3]));
    }

    [Fact]
    public async Task Show_dns_hosts_asks_the_name_cache()
    {
        Run("SHOW DNS_HOSTS");
        CollectDns question = await _dns.Expect<CollectDns>();
        _dns.Reply(new DnsCollected(question.Id, Samples.Snapshot.Dns));
        Assert.Equal(2, (await Answer()).Table!.Rows.Count);
        _pools.AssertQuiet();
    }

    [Fact]
    public async Task A_pool_that_does_not_answer_is_left_out()
    {
        IActorRef hasty = Start(TimeSpan.FromMilliseconds(20));
        hasty.Tell(new RunConsoleCommand(1, AdminRights.Admin, "SHOW POOLS"), _session.Ref);
        CollectPools question = await _pools.Expect<CollectPools>();
        _pools.Reply(new PoolsAnnounced(question.Id, 1, []));
        ConsoleReply reply = await Answer();
        if (reply.Table is not null)
            Assert.Equal("pgbouncer", Assert.Single(reply.Table.Rows)[0]);
        else
            Assert.Equal("the pools did not answer in time", reply.Text);
    }

    [Fact]
    public async Task A_registry_that_does_not_answer_is_an_error()
    {
        IActorRef hasty = Start(TimeSpan.FromMilliseconds(20));
        hasty.Tell(new RunConsoleCommand(1, AdminRights.Admin, "SHOW POOLS"), _session.Ref);
        ConsoleReply reply = await Answer();
        Assert.Equal((ConsoleReplyKind.Error, "the pools did not answer in time"), (reply.Kind, reply.Text));
    }

    [Fact]
    public async Task Pause_waits_until_it_holds()
    {
        PausePools pause = await Pause("PAUSE");
        Assert.Null(pause.Database);
        Assert.Equal("no yes no", await State());
        _pools.Reply(new PoolCommandCompleted(pause.Id));
        await Done("PAUSE");
        Run("PAUSE");
        await Refused("already suspended/paused");
        Run("RESUME");
        ResumePools resume = await _pools.Expect<ResumePools>();
        _pools.Reply(new PoolCommandCompleted(resume.Id));
        await Done("RESUME");
        Assert.Equal("yes no no", await State());
        Assert.Equal(["Information PAUSE command issued", "Information RESUME command issued"], _log.Lines);
    }

    [Fact]
    public async Task Resume_answers_a_pause_that_still_waits()
    {
        PausePools pause = await Pause("PAUSE");
        Run("RESUME");
        ResumePools resume = await _pools.Expect<ResumePools>();
        _pools.Reply(new PoolCommandCompleted(resume.Id));
        await Refused("PAUSE was ended by RESUME before it was complete", "57014");
        await Done("RESUME");

        // The pause's own end comes too late and is nobody's.
        _pools.Reply(new PoolCommandCompleted(pause.Id));
        Assert.Equal("yes no no", await State());
    }

    [Fact]
    public async Task Resume_of_a_database_answers_pauses_of_that_database()
    {
        PausePools first = await Pause("PAUSE shop");
        PausePools second = await Pause("PAUSE log");
        Assert.Equal(("shop", "log"), (first.Database, second.Database));
        Assert.Equal("yes no no", await State());
        Run("RESUME shop");
        ResumePools resume = await _pools.Expect<ResumePools>();
        Assert.Equal("shop", resume.Database);
        _pools.Reply(new PoolCommandCompleted(resume.Id));
        await Refused("PAUSE was ended by RESUME before it was complete", "57014");
        await Done("RESUME");
        _pools.Reply(new PoolCommandCompleted(second.Id));
        await Done("PAUSE");
    }

    [Fact]
    public async Task Several_consoles_wait_at_a_time()
    {
        var other = new Probe(_system);
        _admin.Tell(ConsoleOpened.Instance, other.Ref);
        PausePools first = await Pause("PAUSE shop");
        _admin.Tell(new RunConsoleCommand(1, AdminRights.Admin, "PAUSE shop"), other.Ref);
        PausePools second = await _pools.Expect<PausePools>();
        Assert.Equal(ConsoleReplyKind.Waits, (await other.Expect<ConsoleAnswered>()).Reply.Kind);
        _pools.Reply(new PoolCommandCompleted(second.Id));
        _pools.Reply(new PoolCommandCompleted(first.Id));
        await Done("PAUSE");
        Assert.Equal("PAUSE", (await other.Expect<ConsoleAnswered>()).Reply.Text);
    }

    [Fact]
    public async Task The_pools_may_refuse()
    {
        PausePools pause = await Pause("PAUSE");
        _pools.Reply(new PoolCommandFailed(pause.Id, "not now"));
        await Refused("not now");
        Assert.Equal("yes no no", await State());
        Run("RESUME shop");
        ResumePools resume = await _pools.Expect<ResumePools>();
        _pools.Reply(new PoolCommandFailed(resume.Id, "database shop is not paused"));
        await Refused("database shop is not paused");
    }

    [Fact]
    public async Task A_cancel_request_resumes_everything()
    {
        await Pause("PAUSE");
        _admin.Tell(ConsoleCancelled.Instance, _session.Ref);
        ResumePools resume = await _pools.Expect<ResumePools>();
        Assert.Null(resume.Database);
        await Refused("PAUSE was cancelled", "57014");
        _pools.Reply(new PoolCommandCompleted(resume.Id));
        Assert.Equal("yes no no", await State());
    }

    [Fact]
    public async Task A_cancel_request_ends_waiting_for_a_database_that_stays_paused()
    {
        await Pause("PAUSE shop");
        _admin.Tell(ConsoleCancelled.Instance, _session.Ref);
        await Refused("stopped waiting for PAUSE; database \"shop\" stays paused until RESUME", "57014");
        _pools.AssertQuiet();
    }

    [Fact]
    public async Task A_cancel_request_for_nothing_is_noted()
    {
        _admin.Tell(ConsoleCancelled.Instance, _session.Ref);
        Assert.Equal("yes no no", await State());
        Assert.Equal(["Warning admin cancel request for non-waiting client?"], _log.Lines);
        _pools.AssertQuiet();
    }

    [Fact]
    public async Task Signals_pause_and_resume()
    {
        _admin.Tell(ResumeRequested.Instance, ActorRefs.NoSender);
        _admin.Tell(PauseRequested.Instance, ActorRefs.NoSender);
        _admin.Tell(PauseRequested.Instance, ActorRefs.NoSender);
        PausePools pause = await _pools.Expect<PausePools>();
        Assert.Null(pause.Database);
        Assert.Equal("no yes no", await State());
        _admin.Tell(ResumeRequested.Instance, ActorRefs.NoSender);
        await _pools.Expect<ResumePools>();
        Assert.Equal("yes no no", await State());
    }

    [Fact]
    public async Task Shutdown_goes_to_the_root()
    {
        Run("SHUTDOWN WAIT_FOR_SERVERS");
        Assert.Equal(ShutdownMode.WaitForServers, (await _root.Expect<ShutdownRequested>()).Mode);
        await Done("SHUTDOWN");
        Assert.Equal("no yes no", await State());
        Run("RESUME");
        await Refused("pooler is shutting down");
        _admin.Tell(ResumeRequested.Instance, ActorRefs.NoSender);
        _admin.Tell(ConsoleCancelled.Instance, _session.Ref);
        Run("SHUTDOWN");
        Assert.Equal(ShutdownMode.Immediate, (await _root.Expect<ShutdownRequested>()).Mode);
        _pools.AssertQuiet();
        _session.AssertQuiet();
    }

    [Fact]
    public async Task A_shutdown_by_signal_is_known_too()
    {
        _admin.Tell(new ShutdownStarted(ShutdownMode.WaitForClients), ActorRefs.NoSender);
        Assert.Equal("yes no no", await State());
        Run("RESUME");
        await Refused("pooler is shutting down");
    }

    [Fact]
    public async Task Set_goes_to_the_settings()
    {
        Run("SET query_timeout = '1.5'");
        Assert.Equal(new ChangeSetting("query_timeout", "1.5"), await _configuration.Expect<ChangeSetting>());
        _configuration.Reply(new SettingChanged(PoolerSettings.Default));
        await EverybodyHasTheSettings();
        await Done("SET query_timeout=1.5");
        Run("SET foo = 1");
        await _configuration.Expect<ChangeSetting>();
        _configuration.Reply(new SettingRejected("unknown parameter: pgbouncer/foo"));
        await Refused("SET failed");
    }

    [Fact]
    public async Task Reload_goes_to_the_settings()
    {
        Run("RELOAD");
        await _configuration.Expect<ReloadSettings>();
        _configuration.Reply(new ReloadSucceeded(PoolerSettings.Default));
        await EverybodyHasTheSettings();
        await Done("RELOAD");
        Run("RELOAD");
        await _configuration.Expect<ReloadSettings>();
        _configuration.Reply(new ReloadFailed(["bad line"]));
        ConsoleReply reply = await Answer();
        Assert.Equal(
            (ConsoleReplyKind.Error, "RELOAD failed, see logs for additional details", "F0000", "bad line"),
            (reply.Kind, reply.Text, reply.SqlState, reply.Detail));
    }

    [Fact]
    public async Task New_settings_reach_commands_and_sessions()
    {
        PoolerSettings settings = PoolerSettings.Default with { Global = GlobalSettings.Default with { DisablePqexec = true } };
        var changed = new SettingsChanged(PoolerSettings.Default, settings, SettingsDiff.Between(PoolerSettings.Default, settings));
        _system.EventStream.Publish(changed);
        Assert.Equal(changed, await _session.Expect<SettingsChanged>());
        Run("SHOW VERSION");
        ConsoleReply reply = await Answer();
        Assert.Equal((ConsoleReplyKind.Fatal, "PQexec disallowed"), (reply.Kind, reply.Text));
    }

    [Fact]
    public async Task It_answers_for_the_consoles_pool()
    {
        var asker = new Probe(_system);
        _admin.Tell(new CollectPools(9), asker.Ref);
        Assert.Equal(1, (await asker.Expect<PoolsAnnounced>()).PoolCount);
        PoolSnapshot pool = (await asker.Expect<PoolCollected>()).Pool;
        Assert.Equal(("pgbouncer", 1, 1L), (pool.Database, pool.ClientActive, pool.Statistics.ClientLoginCount));
    }

    [Fact]
    public async Task A_session_counts_as_one_query_however_many_commands_it_gives()
    {
        for (int i = 0; i < 3; i++)
            await State();

        var asker = new Probe(_system);
        _admin.Tell(new CollectPools(9), asker.Ref);
        await asker.Expect<PoolsAnnounced>();
        StatisticsSnapshot statistics = (await asker.Expect<PoolCollected>()).Pool.Statistics;
        Assert.Equal((1L, 1L), (statistics.QueryCount, statistics.TransactionCount));
    }

    private static PoolSnapshot Pool(string database) => new() { Database = database, User = "u" };

    private IActorRef Start(TimeSpan? patience)
    {
        var neighbours = new AdminNeighbours(_pools.Ref, [_loop.Ref], _configuration.Ref, _root.Ref, _statistics.Ref, _dns.Ref) { Listeners = _listeners.Ref };
        return _system.ActorOf(AdminActor.Props(Samples.Settings, neighbours, _log.Logger, TimeProvider.System, patience));
    }

    private void Run(string text) => _admin.Tell(new RunConsoleCommand(++_commands, AdminRights.Admin, text), _session.Ref);

    private async Task<ConsoleReply> Answer() => (await _session.Expect<ConsoleAnswered>()).Reply;

    private async Task<PausePools> Pause(string text)
    {
        Run(text);
        PausePools pause = await _pools.Expect<PausePools>();
        Assert.Equal(ConsoleReplyKind.Waits, (await Answer()).Kind);
        return pause;
    }

    /// <summary>Loops and pools answer; nobody hears that new settings hold before they have.</summary>
    private async Task EverybodyHasTheSettings()
    {
        CollectClients clients = await _loop.Expect<CollectClients>();
        _loop.Reply(new ClientsCollected(clients.Id, []));
        await _session.Expect<CollectClients>();
        _session.Reply(new ClientsCollected(clients.Id, []));
        CollectPools pools = await _pools.Expect<CollectPools>();
        _pools.Reply(new PoolsAnnounced(pools.Id, 0, []));
    }

    private async Task Done(string tag)
    {
        ConsoleReply reply = await Answer();
        Assert.Equal((ConsoleReplyKind.Done, tag), (reply.Kind, reply.Text));
    }

    private async Task Refused(string text, string sqlState = "08P01")
    {
        ConsoleReply reply = await Answer();
        Assert.Equal((ConsoleReplyKind.Error, text, sqlState), (reply.Kind, reply.Text, reply.SqlState));
    }

    private async Task<string> State()
    {
        Run("SHOW STATE");
        return string.Join(' ', (await Answer()).Table!.Rows.Select(row => row[1]));
    }
}
