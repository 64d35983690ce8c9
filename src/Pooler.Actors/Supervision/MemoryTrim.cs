using Pooler.Actors.Transport;

namespace Pooler.Actors.Supervision;

/// <summary>
/// Gives memory back after a storm of logins. Queries allocate nothing, so what logins leave behind would lie in the process for as long as it is idle: the collector
/// itself only acts when its budget is used up. Looks on every sweep of one loop; thread-safe by being on that loop alone.
/// </summary>
internal sealed class MemoryTrim(Loop loop) : IDeadlineHolder
{
    /// <summary>Garbage that is worth a collection, bytes.</summary>
    private const long WorthIt = 4 << 20;

    /// <summary>At the most one collection in this time, microseconds.</summary>
    private const long Pause = 10_000_000;

    /// <summary>The storm is over when less than this is allocated between two sweeps, bytes.</summary>
    private const long Calm = 64 << 10;

    private long _lastSeen = GC.GetTotalAllocatedBytes();
    private long _lastTrim = GC.GetTotalAllocatedBytes();
    private long _notBefore;

    public int SweepPosition { get; set; } = -1;

    public void Sweep(long now)
    {
        var allocated = GC.GetTotalAllocatedBytes();
        var isCalm = allocated - _lastSeen < Calm;
        _lastSeen = allocated;
        if (!isCalm || allocated - _lastTrim < WorthIt || now < _notBefore)
        {
            return;
        }

        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _lastTrim = GC.GetTotalAllocatedBytes();
        _lastSeen = _lastTrim;
        _notBefore = loop.Now + Pause;
    }
}
