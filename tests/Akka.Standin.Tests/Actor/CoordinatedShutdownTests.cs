using Akka.Actor;
using Akka.Configuration;
using Akka.Standin.Tests.Support;

namespace Akka.Standin.Tests.Actor;

public sealed class CoordinatedShutdownTests : SystemTest
{
    public CoordinatedShutdownTests()
        : base("""
            akka.coordinated-shutdown.default-phase-timeout = 2s
            akka.coordinated-shutdown.phases {
              pooler-drain { depends-on = [service-unbind], timeout = 100ms }
              pooler-close { depends-on = [pooler-drain] }
              service-requests-done { depends-on = [service-unbind, pooler-close] }
            }

            """)
    {
    }

    private CoordinatedShutdown Shutdown => CoordinatedShutdown.Get(Sys);

    [Fact]
    public async Task Phases_run_in_the_order_of_their_dependencies()
    {
        List<string> run = [];
        foreach (string phase in new[] { CoordinatedShutdown.PhaseServiceStop, "pooler-close", CoordinatedShutdown.PhaseServiceUnbind, "pooler-drain" })
        {
            Shutdown.AddTask(phase, "note", () =>
            {
                run.Add(phase);
                return Task.FromResult(Done.Instance);
            });
        }

        await Shutdown.Run(CoordinatedShutdown.UnknownReason.Instance);

        Assert.Equal([CoordinatedShutdown.PhaseServiceUnbind, "pooler-drain", "pooler-close", CoordinatedShutdown.PhaseServiceStop], run);
        Assert.Same(CoordinatedShutdown.UnknownReason.Instance, Shutdown.ShutdownReason);
        await Sys.WhenTerminated.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task It_runs_once()
    {
        int runs = 0;
        Shutdown.AddTask("pooler-close", "count", () =>
        {
            runs++;
            return Task.FromResult(Done.Instance);
        });
        await Task.WhenAll(Shutdown.Run(CoordinatedShutdown.UnknownReason.Instance), Shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance));

        Assert.Equal(1, runs);
        Assert.Same(CoordinatedShutdown.UnknownReason.Instance, Shutdown.ShutdownReason);
    }

    [Fact]
    public async Task Tasks_that_fail_or_hang_do_not_stop_it()
    {
        bool reached = false;
        Shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "fails", () => throw new InvalidOperationException("no"));
        Shutdown.AddTask("pooler-drain", "hangs", () => new TaskCompletionSource<Done>().Task);
        Shutdown.AddTask("pooler-close", "after", () =>
        {
            reached = true;
            return Task.FromResult(Done.Instance);
        });
        await Shutdown.Run(CoordinatedShutdown.UnknownReason.Instance);

        Assert.True(reached);
    }

    [Fact]
    public async Task Terminate_runs_it()
    {
        bool reached = false;
        Shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "note", () =>
        {
            reached = true;
            return Task.FromResult(Done.Instance);
        });
        await Sys.Terminate();

        Assert.True(reached);
        Assert.Same(CoordinatedShutdown.ActorSystemTerminateReason.Instance, Shutdown.ShutdownReason);
    }

    [Fact]
    public void An_unknown_phase_is_refused() =>
        Assert.Throws<ConfigurationException>(() => Shutdown.AddTask("nowhere", "x", () => Task.FromResult(Done.Instance)));

    [Fact]
    public void Timeouts_are_configured()
    {
        Assert.Equal(TimeSpan.FromMilliseconds(100), Shutdown.Timeout("pooler-drain"));
        Assert.Equal(TimeSpan.FromSeconds(2), Shutdown.Timeout("pooler-close"));
    }
}
