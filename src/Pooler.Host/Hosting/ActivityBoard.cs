using Pooler.Host.Process;

namespace Pooler.Host.Hosting;

/// <summary>
/// What the pooler is up to, for the signals. Written by whoever learns of a change first: the signal that causes it, or the actor that
/// hears of the console's commands. Any thread may use it.
/// </summary>
internal sealed class ActivityBoard
{
    private readonly object _gate = new();
    private PoolerActivity _activity;

    public PoolerActivity Current
    {
        get
        {
            lock (_gate)
            {
                return _activity;
            }
        }
    }

    public void SetPaused(bool isPaused, bool isSuspended)
    {
        lock (_gate)
        {
            _activity = _activity with { IsPaused = isPaused, IsSuspended = isSuspended };
        }
    }

    /// <summary>There is no way back from a shutdown.</summary>
    public void SetShuttingDown()
    {
        lock (_gate)
        {
            _activity = _activity with { IsShuttingDown = true };
        }
    }
}
