namespace Akka.Actor;

/// <summary>The timers of one instance. Only on the actor's turn.</summary>
internal sealed class TimerScheduler(ActorCell cell) : ITimerScheduler
{
    private readonly Dictionary<object, TimerMessage> _timers = [];

    public IReadOnlyCollection<object> ActiveTimers => _timers.Keys;

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval) => Start(key, msg, interval, interval, cell.Self);

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender) => Start(key, msg, interval, interval, sender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval) => Start(key, msg, initialDelay, interval, cell.Self);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender) =>
        Start(key, msg, initialDelay, interval, sender);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout) => Start(key, msg, timeout, null, cell.Self);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender) => Start(key, msg, timeout, null, sender);

    public bool IsTimerActive(object key) => _timers.ContainsKey(key);

    public void Cancel(object key)
    {
        if (_timers.Remove(key, out TimerMessage? timer))
        {
            timer.Cancelable.Cancel();
        }
    }

    public void CancelAll()
    {
        foreach (TimerMessage timer in _timers.Values)
        {
            timer.Cancelable.Cancel();
        }

        _timers.Clear();
    }

    /// <summary>Whether the timer that is due is still the one under its key; a single one is over with that.</summary>
    internal bool Take(TimerMessage timer)
    {
        if (!_timers.TryGetValue(timer.Key, out TimerMessage? current) || !ReferenceEquals(current, timer))
        {
            return false;
        }

        if (!timer.Repeats)
        {
            _timers.Remove(timer.Key);
        }

        return true;
    }

    private void Start(object key, object message, TimeSpan delay, TimeSpan? interval, IActorRef sender)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(message);
        Cancel(key);
        IScheduler scheduler = cell.System.Scheduler;
        Cancelable cancelable = new(scheduler);
        TimerMessage timer = new(this, key, message, interval is not null, cancelable);
        _timers.Add(key, timer);
        if (interval is { } period)
        {
            scheduler.ScheduleTellRepeatedly(delay, period, cell.Self, timer, sender, cancelable);
        }
        else
        {
            scheduler.ScheduleTellOnce(delay, cell.Self, timer, sender, cancelable);
        }
    }
}
