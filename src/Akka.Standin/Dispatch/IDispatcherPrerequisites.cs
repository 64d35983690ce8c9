using Akka.Actor;
using Akka.Event;

namespace Akka.Dispatch;

/// <summary>Parts of the actor system that dispatchers and executors may need.</summary>
public interface IDispatcherPrerequisites
{
    public EventStream EventStream { get; }

    public IScheduler Scheduler { get; }

    public Settings Settings { get; }
}
