namespace Pooler.Actors.Tests.Transport;

/// <summary>A clock that stands still until it is moved. Any thread.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long _ticks = TimeSpan.TicksPerDay;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(GetTimestamp());

    internal void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
}
