using Akka.Actor;
using Pooler.Actors.Admin;
using Pooler.Actors.Configuration;
using Pooler.Actors.Logging;
using Pooler.Actors.Stats;
using Pooler.Host.Logging;
using Pooler.Host.Process;
using Serilog.Events;

namespace Pooler.Host.Hosting;

/// <summary>
/// The actor through which the process follows the supervisor tree: the log follows the settings, the service manager hears of reloads and statistics, and
/// the process ends with the tree. Runs on the default dispatcher.
/// </summary>
internal sealed class ProcessWatch : UntypedActor
{
    /// <summary>The actor's name below /user.</summary>
    public const string Name = "process-watch";

    private readonly IActorRef _root;
    private readonly LogControl _logControl;
    private readonly ServiceNotifier _notifier;
    private readonly ProcessExit _exit;
    private readonly ActivityBoard _board;
    private readonly (long Soft, long Hard) _limit;

    public ProcessWatch(
        IActorRef root, LogControl logControl, ServiceNotifier notifier, ProcessExit exit, ActivityBoard board, (long Soft, long Hard) limit)
    {
        _limit = limit;
        _root = root;
        _logControl = logControl;
        _notifier = notifier;
        _exit = exit;
        _board = board;
    }

    /// <param name="root">The supervisor tree.</param>
    /// <param name="logControl">The log.</param>
    /// <param name="notifier">Tells the service manager.</param>
    /// <param name="exit">Where the end of the process is asked for.</param>
    /// <param name="board">What the signals are judged by.</param>
    /// <param name="limit">The limit of descriptors that holds for the process.</param>
    public static Props Props(
        IActorRef root, LogControl logControl, ServiceNotifier notifier, ProcessExit exit, ActivityBoard board, (long Soft, long Hard) limit) =>
        Akka.Actor.Props.Create(() => new ProcessWatch(root, logControl, notifier, exit, board, limit));

    protected override void PreStart()
    {
        Context.Watch(_root);
        Context.System.EventStream.Subscribe(Self, typeof(SettingsChanged));
        Context.System.EventStream.Subscribe(Self, typeof(ShutdownStarted));
        Context.System.EventStream.Subscribe(Self, typeof(PauseStateChanged));
        Context.System.EventStream.Subscribe(Self, typeof(StatisticsPublished));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SettingsChanged changed:
                FollowSettings(changed.New.Global);
                if (changed.New.Global.MaxClientConn > changed.Old.Global.MaxClientConn && DescriptorLimit.Warning(_limit, changed.New.Global) is { } warning)
                {
                    _logControl.Log.Line(LogEventLevel.Warning, warning);
                }

                break;
            case ReloadSucceeded or ReloadFailed:
                _notifier.Ready();
                break;
            case PauseStateChanged changed:
                _board.SetPaused(changed.IsPaused, changed.IsSuspended);
                break;
            case StatisticsPublished statistics:
                _notifier.Status(statistics.Status);
                break;
            case ShutdownStarted started:
                FollowShutdown(started.Mode);
                break;
            case Terminated:
                End();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Also when nothing about the log has changed: a reload opens the log file anew, which is what log rotation waits for.</summary>
    private void FollowSettings(GlobalSettings settings)
    {
        if (!_logControl.TryApply(LogSettings.Of(settings), out string errorText))
        {
            _logControl.Log.Line(LogEventLevel.Error, errorText + ", the log stays where it was");
        }
    }

    /// <summary>An immediate end is the end of the process; for any other the root stops when it is done.</summary>
    private void FollowShutdown(ShutdownMode mode)
    {
        _board.SetShuttingDown();
        _notifier.Stopping();
        if (mode == ShutdownMode.Immediate)
        {
            _exit.Request(new ProcessEnd(0, IsAtOnce: true));
        }
    }

    /// <summary>The root has stopped: as it should when a shutdown is done, or because it failed.</summary>
    private void End()
    {
        if (_board.Current.IsShuttingDown)
        {
            _exit.Request(new ProcessEnd(0, IsAtOnce: false));
            return;
        }

        _logControl.Log.Line(LogEventLevel.Fatal, "the pooler's root actor has failed");
        _exit.Request(new ProcessEnd(1, IsAtOnce: false));
    }
}
