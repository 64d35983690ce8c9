namespace Pooler.Actors.Stats;

/// <summary>
/// The counters of a pool, of a database or of everything at one moment, or the difference of two moments. Times are microseconds. Immutable.
/// </summary>
public readonly record struct StatisticsSnapshot
{
    /// <summary>Nothing counted.</summary>
    public static StatisticsSnapshot Zero => default;

    /// <summary>Times a server was lent to a client.</summary>
    public long ServerAssignmentCount { get; init; }

    public long TransactionCount { get; init; }

    /// <summary>Queries; a pipelined batch counts once.</summary>
    public long QueryCount { get; init; }

    /// <summary>Bytes received from clients and forwarded.</summary>
    public long ReceivedBytes { get; init; }

    /// <summary>Bytes received from servers.</summary>
    public long SentBytes { get; init; }

    /// <summary>Time spent in transactions.</summary>
    public long TransactionTime { get; init; }

    /// <summary>Time spent executing.</summary>
    public long QueryTime { get; init; }

    /// <summary>Time that clients waited for a server.</summary>
    public long WaitTime { get; init; }

    /// <summary>Named Parse messages from clients.</summary>
    public long ClientParseCount { get; init; }

    /// <summary>Parse messages that the pooler itself sent to servers.</summary>
    public long ServerParseCount { get; init; }

    /// <summary>Bind messages of named statements.</summary>
    public long BindCount { get; init; }

    /// <summary>Successful logins.</summary>
    public long ClientLoginCount { get; init; }

    public static StatisticsSnapshot operator +(StatisticsSnapshot left, StatisticsSnapshot right) => new()
    {
        ServerAssignmentCount = left.ServerAssignmentCount + right.ServerAssignmentCount,
        TransactionCount = left.TransactionCount + right.TransactionCount,
        QueryCount = left.QueryCount + right.QueryCount,
        ReceivedBytes = left.ReceivedBytes + right.ReceivedBytes,
        SentBytes = left.SentBytes + right.SentBytes,
        TransactionTime = left.TransactionTime + right.TransactionTime,
        QueryTime = left.QueryTime + right.QueryTime,
        WaitTime = left.WaitTime + right.WaitTime,
        ClientParseCount = left.ClientParseCount + right.ClientParseCount,
        ServerParseCount = left.ServerParseCount + right.ServerParseCount,
        BindCount = left.BindCount + right.BindCount,
        ClientLoginCount = left.ClientLoginCount + right.ClientLoginCount,
    };

    public static StatisticsSnapshot operator -(StatisticsSnapshot left, StatisticsSnapshot right) => new()
    {
        ServerAssignmentCount = left.ServerAssignmentCount - right.ServerAssignmentCount,
        TransactionCount = left.TransactionCount - right.TransactionCount,
        QueryCount = left.QueryCount - right.QueryCount,
        ReceivedBytes = left.ReceivedBytes - right.ReceivedBytes,
        SentBytes = left.SentBytes - right.SentBytes,
        TransactionTime = left.TransactionTime - right.TransactionTime,
        QueryTime = left.QueryTime - right.QueryTime,
        WaitTime = left.WaitTime - right.WaitTime,
        ClientParseCount = left.ClientParseCount - right.ClientParseCount,
        ServerParseCount = left.ServerParseCount - right.ServerParseCount,
        BindCount = left.BindCount - right.BindCount,
        ClientLoginCount = left.ClientLoginCount - right.ClientLoginCount,
    };

    /// <summary>True if every counter is at least as high: this may be a later moment of the same pool.</summary>
    public bool IsAtLeast(StatisticsSnapshot earlier) =>
        ServerAssignmentCount >= earlier.ServerAssignmentCount
        && TransactionCount >= earlier.TransactionCount
        && QueryCount >= earlier.QueryCount
        && ReceivedBytes >= earlier.ReceivedBytes
        && SentBytes >= earlier.SentBytes
        && TransactionTime >= earlier.TransactionTime
        && QueryTime >= earlier.QueryTime
        && WaitTime >= earlier.WaitTime
        && ClientParseCount >= earlier.ClientParseCount
        && ServerParseCount >= earlier.ServerParseCount
        && BindCount >= earlier.BindCount
        && ClientLoginCount >= earlier.ClientLoginCount;

    /// <summary>
    /// Taken as the difference of two moments: counts and bytes per second, times per item (a wait per assignment), all by integer division
    /// and 0 where nothing was counted.
    /// </summary>
    /// <param name="microseconds">How far the two moments are apart.</param>
    public StatisticsSnapshot Average(long microseconds) => new()
    {
        ServerAssignmentCount = PerSecond(ServerAssignmentCount, microseconds),
        TransactionCount = PerSecond(TransactionCount, microseconds),
        QueryCount = PerSecond(QueryCount, microseconds),
        ReceivedBytes = PerSecond(ReceivedBytes, microseconds),
        SentBytes = PerSecond(SentBytes, microseconds),
        TransactionTime = PerItem(TransactionTime, TransactionCount),
        QueryTime = PerItem(QueryTime, QueryCount),
        WaitTime = PerItem(WaitTime, ServerAssignmentCount),
        ClientParseCount = PerSecond(ClientParseCount, microseconds),
        ServerParseCount = PerSecond(ServerParseCount, microseconds),
        BindCount = PerSecond(BindCount, microseconds),
        ClientLoginCount = PerSecond(ClientLoginCount, microseconds),
    };

    // 128 bits: bytes times a million pass 64 bits after some terabytes.
    private static long PerSecond(long count, long microseconds) =>
        microseconds > 0 ? (long)((Int128)count * 1_000_000 / microseconds) : 0;

    private static long PerItem(long time, long count) => count > 0 ? time / count : 0;
}
