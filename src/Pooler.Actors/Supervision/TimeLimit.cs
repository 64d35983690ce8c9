namespace Pooler.Actors.Supervision;

/// <summary>Compares a time of the loop with a limit of the settings.</summary>
internal static class TimeLimit
{
    /// <summary>True when more than the limit has passed; a limit of zero is none.</summary>
    public static bool IsOver(TimeSpan limit, long microseconds) => limit > TimeSpan.Zero && microseconds > limit.TotalMicroseconds;
}
