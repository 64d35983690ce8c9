namespace Akka.Actor;

/// <summary>
/// Timers of one actor by key. A timer that is cancelled or replaced is never heard of again, even if its message is queued already; all end with the instance.
/// </summary>
public interface ITimerScheduler
{
    public IReadOnlyCollection<object> ActiveTimers { get; }

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval);

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender);

    public bool IsTimerActive(object key);

    public void Cancel(object key);

    public void CancelAll();
}
