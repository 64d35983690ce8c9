namespace Akka.Actor;

/// <summary>Runs actions later, on the scheduler's thread: they must be short and touch no actor's state.</summary>
public interface IActionScheduler : IRunnableScheduler
{
    public void ScheduleOnce(TimeSpan delay, Action action);

    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable);
}
