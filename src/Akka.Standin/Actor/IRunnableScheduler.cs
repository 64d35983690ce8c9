using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>Runs work later, on the scheduler's thread.</summary>
public interface IRunnableScheduler
{
    public void ScheduleOnce(TimeSpan delay, IRunnable action);

    public void ScheduleOnce(TimeSpan delay, IRunnable action, ICancelable? cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable? cancelable);
}
