namespace Pooler.Actors.Supervision;

/// <summary>Times of the settings where they are compared and waited for.</summary>
internal static class TimeLimit
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(int.MaxValue);

    /// <summary>True when more than the limit has passed; a limit of zero is none.</summary>
    public static bool IsOver(TimeSpan limit, long microseconds) => limit > TimeSpan.Zero && microseconds > limit.TotalMicroseconds;

    /// <summary>A period of the settings as a timer can take it, which counts its milliseconds in 32 bits.</summary>
    public static TimeSpan ForTimer(TimeSpan period) => period < LongestTimer ? period : LongestTimer;
}
