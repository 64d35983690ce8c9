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
/// on no loop. Never waits: a command that needs others sends its questions and is answered when their answers have come. The other parts of the class
/// collect what SHOW prints, and pause and resume.
/// </summary>
internal sealed partial class AdminActor : UntypedActor, ICommandHost, IWithTimers
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

    public void Reload(long call) => AskConfiguration(call, ReloadSettings.Instance, ReloadTag);

    public void ChangeSetting(long call, string key, string value) =>
        AskConfiguration(call, new ChangeSetting(key, value), $"SET {key}={value}");

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
            case ListenersPaused answer:
                OnListenersPaused(answer.Id);
                break;
            case LoopSuspended answer:
                OnLoopSuspended(answer.Id);
                break;
            case PauseTimedOut timeout:
                OnPauseTimedOut(timeout);
                break;
            case KillClientAnswered answer:
                OnAnswer(answer);
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
                Pause(0, null, null);
                break;
            case ResumeRequested when State != PauseState.Active && !IsShuttingDown:
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

    private void Run(RunConsoleCommand command)
    {
        long call = _sessions.Begin(Sender, command.Command);
        if (command.Request is { } request)
            Guard(call, () => CommandTable.Run(this, call, command.Rights, request.Statement, request.Parameters));
        else if (Settings.Global.DisablePqexec)
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

    private void Complete(ConfigurationAnswered answered)
    {
        switch (answered.Answer)
        {
            case ReloadSucceeded or SettingChanged:
                // Loops and pools got the settings before this answer came, and answer what they are asked now behind them: with their answers,
                // whoever comes next finds the settings in force.
                Collect(answered.Call, SnapshotParts.Pools | SnapshotParts.Clients, _ => ConsoleReply.Done(answered.Tag));
                break;
            case ReloadFailed failed:
                Reply(answered.Call, ReloadFailure() with { Detail = string.Join('\n', failed.Lines) });
                break;
            case SettingRejected or null when answered.Tag != ReloadTag:
                Reply(answered.Call, ConsoleReply.Error(PoolerErrors.SetFailed));
                break;
            default:
                Reply(answered.Call, ReloadFailure());
                break;
        }
    }

    private static ConsoleReply ReloadFailure() =>
        ConsoleReply.Error(PoolerErrors.ReloadFailed) with { SqlState = SqlStates.ConfigFileError, LogText = "RELOAD Failed, see logs for more details" };

    private void Forget(IActorRef session)
    {
        _sessions.Remove(session);
        ForgetInSearches(session);
        ResumeIfNobodyIsLeft();
        foreach (ShowInProgress show in _shows.Values.ToArray())
        {
            show.Collection.Forget(session);
            FinishIfComplete(show.Collection.Id);
        }
    }

    private void NoteShutdown(ShutdownMode mode)
    {
        IsShuttingDown = true;
        if (mode != ShutdownMode.Immediate)
            EndSuspension("SUSPEND was ended by SHUTDOWN");
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
}
