namespace Pooler.Actors.Stats;

/// <summary>Microseconds from a <see cref="TimeProvider"/>, for actors that are on no loop.</summary>
internal static class MonotonicTime
{
    /// <summary>Monotonic microseconds since some fixed moment.</summary>
    public static long Microseconds(this TimeProvider time) => time.GetElapsedTime(0).Ticks / TimeSpan.TicksPerMicrosecond;
}
