using Akka.Actor;
using Akka.Event;

namespace Akka.Dispatch;

internal sealed class DispatcherPrerequisites(EventStream eventStream, IScheduler scheduler, Settings settings) : IDispatcherPrerequisites
{
    public EventStream EventStream => eventStream;

    public IScheduler Scheduler => scheduler;

    public Settings Settings => settings;
}
