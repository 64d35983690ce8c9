namespace Pooler.Actors.Transport;

/// <summary>
/// The deadlines of all connections of a loop, looked at together every <see cref="Period"/> instead of by a timer each. Used on the loop's thread.
/// </summary>
public sealed class DeadlineSweep
{
    /// <summary>Time between two sweeps.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(333);

    private readonly List<IDeadlineHolder> _holders = [];

    /// <summary>Holders that are looked at now.</summary>
    public int Count => _holders.Count;

    /// <summary>Adds a holder; it stays until removed. Harmless when it is there already.</summary>
    public void Add(IDeadlineHolder holder)
    {
        if (Contains(holder))
        {
            return;
        }

        holder.SweepPosition = _holders.Count;
        _holders.Add(holder);
    }

    /// <summary>Removes a holder; harmless when it is not there.</summary>
    public void Remove(IDeadlineHolder holder)
    {
        if (!Contains(holder))
        {
            return;
        }

        var position = holder.SweepPosition;

        // The last one takes the free place, so that removing costs the same however many there are.
        var last = _holders[^1];
        _holders[position] = last;
        last.SweepPosition = position;
        _holders.RemoveAt(_holders.Count - 1);
        holder.SweepPosition = -1;
    }

    /// <summary>
    /// Lets every holder compare its deadlines with <paramref name="now"/> (the loop's microseconds). A holder that throws is reported to
    /// <paramref name="failed"/> and does not keep the others from their turn.
    /// </summary>
    public void Run(long now, Action<Exception>? failed = null)
    {
        // Backwards: a holder that removes itself moves an already visited one into its place.
        for (var i = _holders.Count - 1; i >= 0; i--)
        {
            if (i >= _holders.Count)
            {
                continue;
            }

            try
            {
                _holders[i].Sweep(now);
            }
            catch (Exception exception) when (failed is not null)
            {
                failed(exception);
            }
        }
    }

    private bool Contains(IDeadlineHolder holder)
    {
        var position = holder.SweepPosition;
        return (uint)position < (uint)_holders.Count && ReferenceEquals(_holders[position], holder);
    }
}
