using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;
using Akka.Standin.Tests.Support;

namespace Akka.Standin.Tests.Event;

public sealed class LoggingTests
{
    [Fact]
    public async Task Loggers_hear_the_levels_in_force()
    {
        await using Logged logged = new("logging-levels", "INFO");
        logged.System.Log.Debug("too fine");
        logged.System.Log.Info("info {0}", 1);
        logged.System.Log.Warning("warning {0} {1}", 2, "x");
        InvalidOperationException cause = new("no");
        logged.System.Log.Error(cause, "error");

        LogEvent[] events = await logged.TakeAsync(3);
        Assert.Equal(["info 1", "warning 2 x", "error"], events.Select(e => e.Message.ToString()));
        Assert.Equal([LogLevel.InfoLevel, LogLevel.WarningLevel, LogLevel.ErrorLevel], events.Select(e => e.LogLevel()));
        Assert.Same(cause, events[2].Cause);
        Assert.False(logged.System.Log.IsDebugEnabled);
        Assert.True(logged.System.Log.IsInfoEnabled);
    }

    [Fact]
    public async Task An_actor_logs_under_its_path()
    {
        await using Logged logged = new("logging-path", "DEBUG");
        logged.System.ActorOf(new Script { PreStart = context => context.GetLogger().Warning("from an actor") }.Props, "logging-actor");

        LogEvent only = (await logged.TakeAsync(1))[0];
        Assert.Contains("/user/logging-actor", only.LogSource, StringComparison.Ordinal);
        Assert.Equal(typeof(ScriptedActor), only.LogClass);
    }

    [Fact]
    public async Task A_supervisor_logs_failures()
    {
        await using Logged logged = new("logging-failure", "ERROR");
        InvalidOperationException cause = new("it broke");
        logged.System.ActorOf(new Script { Receive = (_, _) => throw cause }.Props).Tell("x");

        LogEvent only = (await logged.TakeAsync(1))[0];
        Assert.Equal(LogLevel.ErrorLevel, only.LogLevel());
        Assert.Same(cause, only.Cause);
    }

    [Theory]
    [InlineData("debug", LogLevel.DebugLevel)]
    [InlineData("INFO", LogLevel.InfoLevel)]
    [InlineData("Warning", LogLevel.WarningLevel)]
    [InlineData("ERROR", LogLevel.ErrorLevel)]
    public void Levels_have_names(string name, LogLevel level)
    {
        Assert.Equal(level, Logging.LogLevelFor(name));
        Assert.Equal(name, level.StringFor(), ignoreCase: true);
    }

    private sealed class Logged : IAsyncDisposable
    {
        internal static readonly ConcurrentDictionary<string, ConcurrentQueue<LogEvent>> Events = new();

        public Logged(string name, string level)
        {
            System = ActorSystem.Create(name, ConfigurationFactory.ParseString($$"""
                akka.loglevel = {{level}}
                akka.stdout-loglevel = OFF
                akka.loggers = ["{{typeof(KeepingLogger).AssemblyQualifiedName}}"]
                """));
        }

        public ActorSystem System { get; }

        /// <summary>The first events that are not the system's own.</summary>
        public async Task<LogEvent[]> TakeAsync(int count)
        {
            long start = Environment.TickCount64;
            while (true)
            {
                LogEvent[] events = [.. (Events.GetValueOrDefault(System.Name) ?? []).Where(e => e.LogClass.Namespace != "Akka.Event")];
                if (events.Length >= count)
                {
                    return events;
                }

                Assert.True(Environment.TickCount64 - start < 20_000, $"{events.Length} of {count} events logged");
                await Task.Yield();
            }
        }

        public async ValueTask DisposeAsync() => await System.Terminate();
    }

    internal sealed class KeepingLogger : ReceiveActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
    {
        public KeepingLogger()
        {
            ConcurrentQueue<LogEvent> events = Logged.Events.GetOrAdd(Context.System.Name, _ => new ConcurrentQueue<LogEvent>());
            Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
            Receive<LogEvent>(events.Enqueue);
        }
    }
}
