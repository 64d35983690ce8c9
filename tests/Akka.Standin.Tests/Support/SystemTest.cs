using Akka.Actor;
using Akka.Configuration;

namespace Akka.Standin.Tests.Support;

/// <summary>A test with an actor system of its own that logs nothing.</summary>
public abstract class SystemTest : IAsyncLifetime
{
    private static int _systems;

    protected SystemTest(string hocon = "")
    {
        Sys = ActorSystem.Create($"test-{Interlocked.Increment(ref _systems)}", ConfigurationFactory.ParseString(hocon + """

            akka.loglevel = OFF
            akka.stdout-loglevel = OFF
            akka.log-dead-letters = off
            akka.coordinated-shutdown.run-by-clr-shutdown-hook = off
            """));
        Test = new Probe(Sys, "probe");
    }

    protected ActorSystem Sys { get; }

    private protected Probe Test { get; }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Sys.Terminate();

    protected static Func<Exception, Directive> Always(Directive directive) => _ => directive;
}
