using Akka.Actor;

namespace Akka.Event;

/// <summary>Awaits the answer of one logger and complains on standard output when there is none in time. The system's start does not wait for it.</summary>
internal sealed class LoggerStart : MinimalActorRef
{
    private readonly Cancelable _timeout;

    internal LoggerStart(ActorSystemImpl system, string logger)
    {
        Path = system.TempPath / "logger-start";
        _timeout = new Cancelable(system.Scheduler);
        TimeSpan limit = system.Settings.LoggerStartTimeout;
        system.Scheduler.Advanced.ScheduleOnce(
            limit, () => Console.WriteLine($"Logger {logger} did not respond within {limit} to InitializeLogger(bus)"), _timeout);
    }

    public override ActorPath Path { get; }

    protected override void TellInternal(object message, IActorRef sender) => _timeout.Cancel();
}
