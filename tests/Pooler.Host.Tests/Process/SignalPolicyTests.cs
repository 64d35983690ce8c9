using Pooler.Host.Process;

namespace Pooler.Host.Tests.Process;

public sealed class SignalPolicyTests
{
    private const int Idle = 0;
    private const int Paused = 1;
    private const int Suspended = 2;
    private const int Down = 4;

    [Theory]
    [InlineData(PoolerSignal.Hangup, Idle, "got SIGHUP, re-reading config", SignalAction.Reload)]
    [InlineData(PoolerSignal.Hangup, Down, "got SIGHUP, re-reading config", SignalAction.Reload)]
    [InlineData(PoolerSignal.Quit, Idle, "got SIGQUIT, fast exit", SignalAction.Exit)]
    [InlineData(PoolerSignal.Quit, Suspended, "got SIGQUIT, fast exit", SignalAction.Exit)]
    [InlineData(PoolerSignal.Terminate, Idle, "got SIGTERM, shutting down, waiting for all clients disconnect", SignalAction.ShutDownAfterClients)]
    [InlineData(PoolerSignal.Terminate, Paused, "got SIGTERM, shutting down, waiting for all clients disconnect", SignalAction.ShutDownAfterClients)]
    [InlineData(PoolerSignal.Terminate, Down, "got SIGTERM while shutting down, fast exit", SignalAction.Exit)]
    [InlineData(
        PoolerSignal.Interrupt,
        Idle,
        "got SIGINT, shutting down, waiting for all servers connections to be released",
        SignalAction.ShutDownAfterServers)]
    [InlineData(PoolerSignal.Interrupt, Down | Paused, "got SIGINT while shutting down, fast exit", SignalAction.Exit)]
    [InlineData(PoolerSignal.User1, Idle, "got SIGUSR1, pausing all activity", SignalAction.Pause)]
    [InlineData(PoolerSignal.User1, Paused, "got SIGUSR1, but already paused/suspended", SignalAction.None)]
    [InlineData(PoolerSignal.User1, Suspended, "got SIGUSR1, but already paused/suspended", SignalAction.None)]
    [InlineData(PoolerSignal.User2, Idle, "got SIGUSR2, but not paused/suspended", SignalAction.None)]
    [InlineData(PoolerSignal.User2, Paused, "got SIGUSR2, continuing from PAUSE", SignalAction.Resume)]
    [InlineData(PoolerSignal.User2, Suspended, "got SIGUSR2, continuing from SUSPEND", SignalAction.Resume)]
    [InlineData(PoolerSignal.User2, Down | Paused, "got SIGUSR2 while shutting down, ignoring", SignalAction.None)]
    internal void Decides(PoolerSignal signal, int state, string text, SignalAction action)
    {
        SignalDecision decision = SignalPolicy.Decide(signal, Activity(state));

        Assert.Equal(text, decision.Text);
        Assert.Equal(action, decision.Action);
        Assert.Null(decision.FatalText);
        Assert.Equal(0, decision.ExitCode);
    }

    [Theory]
    [InlineData(PoolerSignal.Terminate)]
    [InlineData(PoolerSignal.Interrupt)]
    internal void LeavesSuspensionWithFailure(PoolerSignal signal)
    {
        SignalDecision decision = SignalPolicy.Decide(signal, Activity(Suspended));

        Assert.Equal(SignalAction.Exit, decision.Action);
        Assert.Equal("suspend was in progress, going down immediately", decision.FatalText);
        Assert.Equal(1, decision.ExitCode);
    }

    private static PoolerActivity Activity(int state) => new((state & Paused) != 0, (state & Suspended) != 0, (state & Down) != 0);
}
