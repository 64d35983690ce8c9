namespace Akka.Actor;

/// <summary>Actors that get a scheduler for messages to themselves; it is set between constructor and PreStart.</summary>
public interface IWithTimers
{
    public ITimerScheduler Timers { get; set; }
}
