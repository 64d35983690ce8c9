namespace Pooler.Actors.Supervision;

/// <summary>The few numbers that all loops share. Any thread may call.</summary>
public sealed class PoolerCounters
{
    private long _socketId;
    private int _clients;
    private long _quarantined;

    /// <summary>The places of server connections.</summary>
    internal ServerPlaces Servers { get; } = new();

    /// <summary>Clients by database and by user.</summary>
    internal ClientCounts ClientCounts { get; } = new();

    /// <summary>Client sockets that are open, logged in or not.</summary>
    public int Clients => Volatile.Read(ref _clients);

    /// <summary>Servers that were closed because they sent what nobody had asked for.</summary>
    public long Quarantined => Volatile.Read(ref _quarantined);

    /// <summary>Counts a server that was closed for an unexpected response.</summary>
    public void AddQuarantined() => Interlocked.Increment(ref _quarantined);

    /// <summary>The number of a new socket object; one series for clients and servers, from 1, none used twice.</summary>
    public long NextSocketId() => Interlocked.Increment(ref _socketId);

    /// <summary>Counts a client socket; the count with it.</summary>
    public int AddClient() => Interlocked.Increment(ref _clients);

    /// <summary>A client socket is gone; the count without it.</summary>
    public int RemoveClient() => Interlocked.Decrement(ref _clients);
}
