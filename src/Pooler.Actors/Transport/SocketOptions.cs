namespace Pooler.Actors.Transport;

/// <summary>
/// The options of TCP sockets on both sides (settings tcp_*), taken from the settings in force when a socket is made. 0 leaves the
/// operating system's value.
/// </summary>
public sealed record SocketOptions
{
    /// <summary>SO_KEEPALIVE.</summary>
    public bool KeepAlive { get; init; } = true;

    /// <summary>TCP_KEEPCNT, probes.</summary>
    public int KeepCount { get; init; }

    /// <summary>TCP_KEEPIDLE, seconds.</summary>
    public int KeepIdle { get; init; }

    /// <summary>TCP_KEEPINTVL, seconds.</summary>
    public int KeepInterval { get; init; }

    /// <summary>SO_SNDBUF and SO_RCVBUF, bytes.</summary>
    public int SocketBuffer { get; init; }

    /// <summary>TCP_USER_TIMEOUT, milliseconds.</summary>
    public int UserTimeout { get; init; }
}
