namespace Pooler.Actors.Transport.Simulation;

/// <summary>A timer in virtual time; its callback runs in the network's thread.</summary>
internal sealed class SimulatedTimer(SimulatedNetwork network, TimerCallback callback, object? state) : ITimer
{
    // A planned event cannot be taken back; one of an earlier plan finds that its number is over.
    private int _plan;
    private bool _disposed;

    /// <inheritdoc/>
    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_disposed)
        {
            return false;
        }

        _plan++;
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            Plan(_plan, dueTime, period);
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        _plan++;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Plan(int plan, TimeSpan after, TimeSpan period) => network.After(after, () =>
    {
        if (plan != _plan)
        {
            return;
        }

        if (period > TimeSpan.Zero)
        {
            Plan(plan, period, period);
        }

        callback(state);
    });
}
