namespace Pooler.Actors.Transport;

/// <summary>Something on a loop that may have to act at a time.</summary>
public interface IDeadlineHolder
{
    /// <summary>Position in the sweep's list; kept by <see cref="DeadlineSweep"/> alone. -1 while it is not in a sweep.</summary>
    public int SweepPosition { get; set; }

    /// <summary>
    /// Called by every sweep, on the loop's thread, with the loop's time in microseconds. Compares its deadlines and tells its actor when one has
    /// passed.
    /// </summary>
    public void Sweep(long now);
}
