using Pooler.Actors.Admin;
using Pooler.Host.Hosting;
using Pooler.Host.Logging;
using Pooler.Host.Process;

namespace Pooler.Host.Tests.Hosting;

public sealed class SignalHandlerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LogControl _log = new(new LogOutput(1, null), quiet: true, verbosity: 0);
    private readonly Control _control = new();
    private readonly ProcessExit _exit = new();
    private readonly SignalHandler _handler;

    public SignalHandlerTests()
    {
        Assert.True(_log.TryApply(LogSettings.None with { LogFile = _folder.File("log") }, out _));
        _handler = new SignalHandler(_control, new ServiceNotifier(null), _exit, _log.Log);
    }

    public void Dispose()
    {
        _log.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void PassesOnWhatSignalsAskFor()
    {
        _handler.Handle(PoolerSignal.Hangup);
        _handler.Handle(PoolerSignal.User1);
        _control.Activity = new PoolerActivity(IsPaused: true, IsSuspended: false, IsShuttingDown: false);
        _handler.Handle(PoolerSignal.User2);
        _handler.Handle(PoolerSignal.Interrupt);
        _handler.Handle(PoolerSignal.Terminate);

        Assert.Equal(["reload", "pause", "resume", "shutdown WaitForServers", "shutdown WaitForClients"], _control.Calls);
        Assert.False(_exit.Requested.IsCompleted);
        Assert.Equal(5, Lines().Length);
        Assert.EndsWith("LOG got SIGHUP, re-reading config", Lines()[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task LeavesAtOnceOnTheSecondSignal()
    {
        _control.Activity = new PoolerActivity(IsPaused: false, IsSuspended: false, IsShuttingDown: true);

        _handler.Handle(PoolerSignal.Terminate);
        _handler.Handle(PoolerSignal.Quit);

        Assert.Equal(new ProcessEnd(0, IsAtOnce: true), await _exit.Requested);
        Assert.Empty(_control.Calls);
        Assert.EndsWith("LOG got SIGTERM while shutting down, fast exit", Assert.Single(Lines()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LeavesSuspensionWithFailure()
    {
        _control.Activity = new PoolerActivity(IsPaused: false, IsSuspended: true, IsShuttingDown: false);

        _handler.Handle(PoolerSignal.Interrupt);

        Assert.Equal(new ProcessEnd(1, IsAtOnce: true), await _exit.Requested);
        Assert.EndsWith("FATAL suspend was in progress, going down immediately", Lines()[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeepsTheFirstEnd()
    {
        _exit.Request(new ProcessEnd(1, IsAtOnce: false));

        _handler.Handle(PoolerSignal.Quit);

        Assert.Equal(1, (await _exit.Requested).ExitCode);
    }

    private string[] Lines() => File.ReadAllLines(_folder.File("log"));

    private sealed class Control : IPoolerControl
    {
        public List<string> Calls { get; } = [];

        public PoolerActivity Activity { get; set; }

        public void Reload() => Calls.Add("reload");

        public void Pause() => Calls.Add("pause");

        public void Resume() => Calls.Add("resume");

        public void ShutDown(ShutdownMode mode) => Calls.Add($"shutdown {mode}");
    }
}
