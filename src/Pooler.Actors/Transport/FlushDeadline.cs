namespace Pooler.Actors.Transport;

/// <summary>Bounds <see cref="Connection.CloseAfterFlush"/>: closes a connection whose peer does not read.</summary>
internal sealed class FlushDeadline(Connection connection, long deadline) : IDeadlineHolder
{
    /// <summary>Longest time in microseconds that bytes may take to leave after the owner has gone.</summary>
    internal const long Limit = 10_000_000;

    /// <inheritdoc/>
    public int SweepPosition { get; set; } = -1;

    /// <inheritdoc/>
    public void Sweep(long now)
    {
        if (now >= deadline)
        {
            connection.Close();
        }
    }
}
