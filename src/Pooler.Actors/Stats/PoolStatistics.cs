namespace Pooler.Actors.Stats;

/// <summary>
/// The running counters of one pool. Times are microseconds. Only the thread of the pool's loop reads and writes them; others get a
/// <see cref="Snapshot"/>.
/// </summary>
public sealed class PoolStatistics
{
    /// <summary>Times a server was lent to a client.</summary>
    public long ServerAssignmentCount;

    /// <summary>Transactions, counted when they begin.</summary>
    public long TransactionCount;

    /// <summary>Queries; a pipelined batch counts once, at its first message.</summary>
    public long QueryCount;

    /// <summary>Bytes received from clients and forwarded.</summary>
    public long ReceivedBytes;

    /// <summary>Bytes received from servers.</summary>
    public long SentBytes;

    /// <summary>Time spent in transactions, from the first request on and with the wait for a server; added when one ends.</summary>
    public long TransactionTime;

    /// <summary>Time spent executing, from the request on and with the wait for a server; added when the last answer of a batch has come.</summary>
    public long QueryTime;

    /// <summary>Time that clients waited for a server or, logging in, for the pool's first one; added when one comes.</summary>
    public long WaitTime;

    /// <summary>Named Parse messages from clients.</summary>
    public long ClientParseCount;

    /// <summary>Parse messages that the pooler itself sent to servers.</summary>
    public long ServerParseCount;

    /// <summary>Bind messages of named statements.</summary>
    public long BindCount;

    /// <summary>Successful logins.</summary>
    public long ClientLoginCount;

    /// <summary>The counters as they are now.</summary>
    public StatisticsSnapshot Snapshot() => new()
    {
        ServerAssignmentCount = ServerAssignmentCount,
        TransactionCount = TransactionCount,
        QueryCount = QueryCount,
        ReceivedBytes = ReceivedBytes,
        SentBytes = SentBytes,
        TransactionTime = TransactionTime,
        QueryTime = QueryTime,
        WaitTime = WaitTime,
        ClientParseCount = ClientParseCount,
        ServerParseCount = ServerParseCount,
        BindCount = BindCount,
        ClientLoginCount = ClientLoginCount,
    };
}
