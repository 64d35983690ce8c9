using Pooler.Actors.Admin;
using Pooler.Actors.Logging;
using Pooler.Host.Process;
using Serilog;
using Serilog.Events;

namespace Pooler.Host.Hosting;

/// <summary>Carries out what <see cref="SignalPolicy"/> decides. One signal at a time, on a thread of the pool.</summary>
internal sealed class SignalHandler
{
    private readonly IPoolerControl _control;
    private readonly ServiceNotifier _notifier;
    private readonly ProcessExit _exit;
    private readonly ILogger _log;
    private bool _isLeaving;

    public SignalHandler(IPoolerControl control, ServiceNotifier notifier, ProcessExit exit, ILogger log)
    {
        _control = control;
        _notifier = notifier;
        _exit = exit;
        _log = log;
    }

    public void Handle(PoolerSignal signal)
    {
        if (_isLeaving)
        {
            return;
        }

        SignalDecision decision = SignalPolicy.Decide(signal, _control.Activity);
        _log.Line(LogEventLevel.Information, decision.Text);
        if (decision.FatalText is { } fatalText)
        {
            _log.Line(LogEventLevel.Fatal, fatalText);
        }

        switch (decision.Action)
        {
            case SignalAction.Reload:
                _notifier.Reloading();
                _control.Reload();
                break;
            case SignalAction.Pause:
                _control.Pause();
                break;
            case SignalAction.Resume:
                _control.Resume();
                break;
            case SignalAction.ShutDownAfterServers:
                _control.ShutDown(ShutdownMode.WaitForServers);
                break;
            case SignalAction.ShutDownAfterClients:
                _control.ShutDown(ShutdownMode.WaitForClients);
                break;
            case SignalAction.Exit:
                _isLeaving = true;
                _notifier.Stopping();
                _exit.Request(new ProcessEnd(decision.ExitCode, IsAtOnce: true));
                break;
        }
    }
}
