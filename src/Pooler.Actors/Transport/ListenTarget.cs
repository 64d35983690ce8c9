using System.Net;

namespace Pooler.Actors.Transport;

/// <summary>A place to listen at, with the options of its listening socket.</summary>
public abstract record ListenTarget
{
    private ListenTarget()
    {
    }

    /// <summary>Settings listen_backlog.</summary>
    public int Backlog { get; init; } = 128;

    /// <summary>Options that accepted sockets get.</summary>
    public SocketOptions Options { get; init; } = new();

    /// <summary>How long accepting pauses when descriptors or memory are used up.</summary>
    public TimeSpan AcceptPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A TCP address; <paramref name="DeferAccept"/> is TCP_DEFER_ACCEPT, <paramref name="ReusePort"/> SO_REUSEPORT.</summary>
    public sealed record Tcp(IPAddress Address, int Port, bool DeferAccept, bool ReusePort) : ListenTarget;

    /// <summary>
    /// A unix socket path or '@' and an abstract name; <paramref name="Mode"/> (octal file mode) and <paramref name="GroupId"/> (-1: unchanged)
    /// are for paths.
    /// </summary>
    public sealed record Unix(string Path, int Port, int Mode, int GroupId) : ListenTarget;
}
