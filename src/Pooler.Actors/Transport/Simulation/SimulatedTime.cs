namespace Pooler.Actors.Transport.Simulation;

/// <summary>The clock of a <see cref="SimulatedNetwork"/>: a microsecond is a tick, and timers are events of the network.</summary>
internal sealed class SimulatedTime(SimulatedNetwork network) : TimeProvider
{
    /// <inheritdoc/>
    public override long TimestampFrequency => 1_000_000;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long GetTimestamp() => network.Now;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => network.WallClock;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(network, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}
