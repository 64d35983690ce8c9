using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The default scheduler: each timer is one of the runtime's, so nothing ticks while nothing is due. Work runs on pool threads.</summary>
internal sealed class RuntimeScheduler : SchedulerBase, IDisposable
{
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly long _start;
    private volatile bool _stopped;

    public RuntimeScheduler(Config scheduler, ILoggingAdapter log)
        : base(scheduler, log)
    {
        _start = _time.GetTimestamp();
    }

    public override TimeSpan MonotonicClock => _time.GetElapsedTime(_start);

    public override TimeSpan HighResMonotonicClock => MonotonicClock;

    internal bool IsStopped => _stopped;

    protected override DateTimeOffset TimeNow => _time.GetUtcNow();

    public void Dispose() => _stopped = true;

    internal void Report(Exception failure) => Log.Log(LogLevel.ErrorLevel, failure, "Scheduled work failed");

    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Start(() => receiver.Tell(message, sender), delay, Timeout.InfiniteTimeSpan, cancelable);

    protected override void InternalScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Start(() => receiver.Tell(message, sender), initialDelay, interval, cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) =>
        Start(action, delay, Timeout.InfiniteTimeSpan, cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable) =>
        Start(action.Run, delay, Timeout.InfiniteTimeSpan, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) =>
        Start(action, initialDelay, interval, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable cancelable) =>
        Start(action.Run, initialDelay, interval, cancelable);

    private void Start(Action action, TimeSpan delay, TimeSpan interval, ICancelable? cancelable)
    {
        if (cancelable?.IsCancellationRequested == true)
        {
            return;
        }

        if (_stopped)
        {
            throw new SchedulerException("The scheduler has been shut down");
        }

        new ScheduledAction(this, action).Start(_time, delay, interval, cancelable);
    }
}
