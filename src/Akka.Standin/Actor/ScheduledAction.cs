namespace Akka.Actor;

/// <summary>One timer of the <see cref="RuntimeScheduler"/>.</summary>
internal sealed class ScheduledAction(RuntimeScheduler scheduler, Action action)
{
    private ITimer? _timer;
    private CancellationTokenRegistration _cancellation;
    private bool _repeats;
    private int _running;
    private volatile bool _ended;

    internal void Start(TimeProvider time, TimeSpan delay, TimeSpan interval, ICancelable? cancelable)
    {
        _repeats = interval > TimeSpan.Zero;

        // It starts only when the fields are set: it may be due at once.
        _timer = time.CreateTimer(static state => ((ScheduledAction)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (cancelable is not null)
        {
            _cancellation = cancelable.Token.UnsafeRegister(static state => ((ScheduledAction)state!).End(), this);
        }

        if (!_ended)
        {
            _timer.Change(delay, interval);
        }
    }

    private void Fire()
    {
        // A slow action is not run beside itself; the ticks in between are left out.
        if (_ended || Interlocked.Exchange(ref _running, 1) == 1)
        {
            return;
        }

        if (!_repeats || scheduler.IsStopped)
        {
            End();
        }

        try
        {
            if (!scheduler.IsStopped)
            {
                action();
            }
        }
        catch (Exception e)
        {
            scheduler.Report(e);
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    private void End()
    {
        _ended = true;
        _timer!.Dispose();
        _cancellation.Unregister();
    }
}
