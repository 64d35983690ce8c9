namespace Pooler.Actors.Admin;

/// <summary>That a client keeps its server beyond its transactions, at one moment, with what SHOW PINNED prints of it. Made on its loop; immutable.</summary>
public sealed record PinSnapshot
{
    /// <summary>Since when.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>For how long, microseconds.</summary>
    public required long Age { get; init; }

    /// <summary>What is there that another server would not have.</summary>
    public required string Reasons { get; init; }

    /// <summary>The server's address without brackets, or "unix".</summary>
    public required string ServerAddr { get; init; }

    public required int ServerPort { get; init; }

    /// <summary>The process id of the backend.</summary>
    public required int ServerPid { get; init; }

    /// <summary>The number that log lines call the server by.</summary>
    public required long ServerPtr { get; init; }

    /// <summary>Clients of the pool that keep their servers now.</summary>
    public required int PoolPinned { get; init; }

    /// <summary>The most there have been at one time since the pool was made.</summary>
    public required int PoolMaxPinned { get; init; }
}
