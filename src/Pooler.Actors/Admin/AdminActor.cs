using Akka.Actor;
using Pooler.Actors.Configuration;
using Pooler.Actors.Logging;
using Pooler.Actors.Stats;
using Pooler.Actors.Wire;
using Serilog;
using Serilog.Events;

namespace Pooler.Actors.Admin;

/// <summary>
/// Runs the commands of all console sessions and keeps what the pooler as a whole does: active, paused, going down. Lives at /user/pooler/admin,
/// on no loop. Never waits: a command that needs others sends its questions and is answered when their answers have come.
/// </summary>
internal sealed class AdminActor : UntypedActor, ICommandHost, IWithTimers
{
    // internal_error
    private const string InternalError = "XX000";

    private const string ReloadTag = "RELOAD";

    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConfigurationPatience = TimeSpan.FromSeconds(30);

    private readonly AdminNeighbours _neighbours;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly TimeSpan _patience;
    private readonly ConsoleSessions _sessions = new();
    private readonly PendingPoolCommands _poolCommands = new();
    private readonly Dictionary<long, ShowInProgress> _shows = [];
    private long _lastId;

    public AdminActor(PoolerSettings settings, AdminNeighbours neighbours, ILogger log, TimeProvider time, TimeSpan? patience)
    {
        _patience = patience ?? DefaultPatience;
        Settings = settings;
        _neighbours = neighbours;
        _log = log;
        _time = time;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public PoolerSettings Settings { get; private set; }

    public PauseState State
    {
        get;
        private set
        {
            if (field != value)
            {
                field = value;
                Context.System.EventStream.Publish(new PauseStateChanged(value == PauseState.Paused, value == PauseState.Suspended));
            }
        }
    }

    public bool IsShuttingDown { get; private set; }

    /// <param name="settings">The settings at the start; later ones come from the event stream.</param>
    /// <param name="neighbours">Whom it talks to.</param>
    /// <param name="log">Where "command issued" goes.</param>
    /// <param name="time">The clock, and the zone of times in SHOW.</param>
    /// <param name="patience">How long a SHOW waits for pools and loops; null: 5 seconds.</param>
    public static Props Props(
        PoolerSettings settings, AdminNeighbours neighbours, ILogger log, TimeProvider time, TimeSpan? patience = null) =>
        Akka.Actor.Props.Create(() => new AdminActor(settings, neighbours, log, time, patience));

    public void Reply(long call, ConsoleReply reply) => _sessions.Reply(call, reply, Self);

    public void Log(string text) => _log.Line(LogEventLevel.Information, text);

    public void Show(long call, SnapshotParts parts, Func<PoolerSnapshot, ResultTable> make) =>
        Collect(call, parts, snapshot => ConsoleReply.Rows(make(snapshot)));

    private void Collect(long call, SnapshotParts parts, Func<PoolerSnapshot, ConsoleReply> make)
    {
        long id = ++_lastId;
        bool wantsPools = parts.HasFlag(SnapshotParts.Pools);
        bool wantsWindow = parts.HasFlag(SnapshotParts.Statistics);
        IReadOnlyCollection<IActorRef> clientSources =
            parts.HasFlag(SnapshotParts.Clients) ? [.. _neighbours.Loops, .. _sessions.All] : [];

        var show = new ShowInProgress(call, parts, new SnapshotCollection(id, wantsPools ? 1 : 0, clientSources, wantsWindow), make);
        if (parts == SnapshotParts.None)
        {
            Finish(show);
            return;
        }

        _shows.Add(id, show);
        if (wantsPools)
            _neighbours.Pools.Tell(new CollectPools(id), Self);
        if (wantsWindow)
            _neighbours.Statistics.Tell(new GetStatisticsWindow(id), Self);

        var question = new CollectClients(id);
        foreach (IActorRef source in clientSources)
            source.Tell(question, Self);

        Timers.StartSingleTimer(id, new CollectionTimedOut(id), _patience);
    }

    public void Reload(long call) => AskConfiguration(call, ReloadSettings.Instance, ReloadTag);

    public void ChangeSetting(long call, string key, string value) =>
        AskConfiguration(call, new ChangeSetting(key, value), $"SET {key}={value}");

    public void Pause(long call, string? database)
    {
        if (database is null)
            State = PauseState.Paused;

        long id = ++_lastId;
        _poolCommands.Add(new PendingPoolCommand(id, call, IsPause: true, database));
        _neighbours.Pools.Tell(new PausePools(id, database), Self);
        Reply(call, ConsoleReply.Waits);
    }

    public void Resume(long call, string? database)
    {
        if (database is null)
            State = PauseState.Active;

        long id = ++_lastId;
        _poolCommands.Add(new PendingPoolCommand(id, call, IsPause: false, database));
        _neighbours.Pools.Tell(new ResumePools(id, database), Self);
    }

    public void ShutDown(long call, ShutdownMode mode)
    {
        NoteShutdown(mode);
        _neighbours.Root.Tell(new ShutdownRequested(mode), Self);
        if (mode != ShutdownMode.Immediate)
            Reply(call, ConsoleReply.Done("SHUTDOWN"));
    }

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(SettingsChanged));
        _neighbours.Configuration.Tell(GetSettings.Instance, Self);
        _neighbours.Statistics.Tell(ConsolePoolJoined.Instance, Self);
    }

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RunConsoleCommand command:
                Run(command);
                break;
            case ConsoleOpened:
                _sessions.Add(Sender);
                Context.Watch(Sender);
                break;
            case Terminated terminated:
                Forget(terminated.ActorRef);
                break;
            case ConsoleCancelled:
                Cancel(Sender);
                break;
            case PoolCommandCompleted answer:
                Complete(answer.Id, null);
                break;
            case PoolCommandFailed answer:
                Complete(answer.Id, answer.Text);
                break;
            case ConfigurationAnswered answer:
                Complete(answer);
                break;
            case CurrentSettings current:
                Settings = current.Settings;
                break;
            case SettingsChanged changed:
                Settings = changed.New;
                foreach (IActorRef session in _sessions.All)
                    session.Tell(changed, Self);
                break;
            case PauseRequested when State == PauseState.Active:
                Pause(0, null);
                break;
            case ResumeRequested when State == PauseState.Paused && !IsShuttingDown:
                Resume(0, null);
                break;
            case PauseRequested or ResumeRequested:
                break;
            case ShutdownStarted started:
                NoteShutdown(started.Mode);
                break;
            case CollectPools question:
                Sender.Tell(new PoolsAnnounced(question.Id, 1, []), Self);
                Sender.Tell(new PoolCollected(question.Id, _sessions.Pool()), Self);
                break;
            default:
                if (!TryCollect(message))
                    Unhandled(message);
                break;
        }
    }

    // Answers to questions of a SHOW; those that come too late are dropped.
    private bool TryCollect(object message)
    {
        switch (message)
        {
            case PoolsAnnounced answer:
                if (_shows.TryGetValue(answer.Id, out ShowInProgress? announced))
                    announced.Collection.Add(answer);
                return FinishIfComplete(answer.Id);
            case PoolCollected answer:
                if (_shows.TryGetValue(answer.Id, out ShowInProgress? collected))
                    collected.Collection.Add(answer);
                return FinishIfComplete(answer.Id);
            case ClientsCollected answer:
                if (_shows.TryGetValue(answer.Id, out ShowInProgress? listed))
                    listed.Collection.Add(answer, Sender);
                return FinishIfComplete(answer.Id);
            case StatisticsWindowAnswered answer:
                if (_shows.TryGetValue(answer.Id, out ShowInProgress? measured))
                    measured.Collection.Add(answer.Window);
                return FinishIfComplete(answer.Id);
            case CollectionTimedOut timeout:
                if (_shows.Remove(timeout.Id, out ShowInProgress? late))
                    Finish(late);
                return true;
            default:
                return false;
        }
    }

    private bool FinishIfComplete(long id)
    {
        if (_shows.TryGetValue(id, out ShowInProgress? show) && show.Collection.IsComplete)
        {
            _shows.Remove(id);
            Timers.Cancel(id);
            Finish(show);
        }

        return true;
    }

    private void Finish(ShowInProgress show)
    {
        SnapshotCollection collection = show.Collection;
        if (!collection.HasPoolsAnnounced || (show.Parts.HasFlag(SnapshotParts.Statistics) && collection.Window is null))
        {
            Reply(show.Call, ConsoleReply.Error("the pools did not answer in time"));
            return;
        }

        long now = _time.Microseconds();
        var snapshot = new PoolerSnapshot
        {
            Settings = Settings,
            State = State,
            Pools = PoolerSnapshot.InOrder([.. collection.Pools, _sessions.Pool()]),
            Clients = collection.Clients,
            Databases = collection.Databases,
            Window = collection.Window ?? StatisticsWindow.Begin(now),
            Now = now,
            TimeZone = _time.LocalTimeZone,
        };
        Guard(show.Call, () => Reply(show.Call, show.Make(snapshot)));
    }

    private void Run(RunConsoleCommand command)
    {
        long call = _sessions.Begin(Sender, command.Command);
        if (Settings.Global.DisablePqexec)
            Reply(call, ConsoleReply.Fatal(PoolerErrors.SimpleQueryDisallowed));
        else
            Guard(call, () => CommandTable.Run(this, call, command.Rights, command.Text));
    }

    // A fault is the supervisor's to judge, but the session must not wait for an answer that never comes.
    private void Guard(long call, Action action)
    {
        try
        {
            action();
        }
        catch (Exception)
        {
            Reply(call, ConsoleReply.Error("internal error, see logs for additional details") with { SqlState = InternalError });
            throw;
        }
    }

    private void Complete(long id, string? failure)
    {
        if (!_poolCommands.TryTake(id, out PendingPoolCommand command))
            return;

        if (failure is not null)
        {
            // A refused pause of everything does not hold, a refused resume has not ended it.
            if (command.Database is null && !IsShuttingDown)
                State = command.IsPause ? PauseState.Active : PauseState.Paused;
            Reply(command.Call, ConsoleReply.Error(failure));
            return;
        }

        if (!command.IsPause)
        {
            foreach (PendingPoolCommand pause in _poolCommands.TakePauses(command.Database, command.Id))
                Reply(pause.Call, Interrupted("PAUSE was ended by RESUME before it was complete"));
        }

        Reply(command.Call, ConsoleReply.Done(command.IsPause ? "PAUSE" : "RESUME"));
    }

    private void Complete(ConfigurationAnswered answered)
    {
        switch (answered.Answer)
        {
            case ReloadSucceeded or SettingChanged:
                // Loops and pools got the settings before this answer came, and answer what they are asked now behind them: with their answers,
                // whoever comes next finds the settings in force.
                Collect(answered.Call, SnapshotParts.Pools | SnapshotParts.Clients, _ => ConsoleReply.Done(answered.Tag));
                break;
            case SettingRejected or null when answered.Tag != ReloadTag:
                Reply(answered.Call, ConsoleReply.Error(PoolerErrors.SetFailed));
                break;
            default:
                Reply(answered.Call, ConsoleReply.Error(PoolerErrors.ReloadFailed) with { SqlState = SqlStates.ConfigFileError });
                break;
        }
    }

    // Ctrl-C on a console means: let everything go on.
    private void Cancel(IActorRef session)
    {
        IReadOnlySet<long> calls = _sessions.CallsOf(session);
        if (calls.Count == 0)
            _log.Line(LogEventLevel.Warning, "admin cancel request for non-waiting client?");
        if (IsShuttingDown)
            return;

        if (State == PauseState.Paused)
            Resume(0, null);

        foreach (PendingPoolCommand pause in _poolCommands.TakePauses(calls))
        {
            Reply(pause.Call, Interrupted(pause.Database is null
                ? "PAUSE was cancelled"
                : $"stopped waiting for PAUSE; database \"{pause.Database}\" stays paused until RESUME"));
        }
    }

    private void Forget(IActorRef session)
    {
        _sessions.Remove(session);
        foreach (ShowInProgress show in _shows.Values.ToArray())
        {
            show.Collection.Forget(session);
            FinishIfComplete(show.Collection.Id);
        }
    }

    private void NoteShutdown(ShutdownMode mode)
    {
        IsShuttingDown = true;
        if (mode == ShutdownMode.WaitForServers)
            State = PauseState.Paused;
    }

    // Asked rather than told, because the answers do not say which question they belong to.
    private void AskConfiguration(long call, IConfigurationMessage question, string tag) =>
        _neighbours.Configuration.Ask<object>(question, ConfigurationPatience).PipeTo(
            Self,
            Self,
            answer => new ConfigurationAnswered(call, tag, answer),
            _ => new ConfigurationAnswered(call, tag, null));

    private static ConsoleReply Interrupted(string text) => ConsoleReply.Error(text) with { SqlState = SqlStates.QueryCanceled };
}
