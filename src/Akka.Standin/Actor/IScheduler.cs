namespace Akka.Actor;

/// <summary>The actor system's timers and clock.</summary>
public interface IScheduler : ITellScheduler, ITimeProvider
{
    public IAdvancedScheduler Advanced { get; }
}
