using System.Net;

namespace Pooler.Actors.Transport;

/// <summary>Where an outgoing connection goes: an IP address and port, or a unix socket.</summary>
public abstract record ConnectTarget
{
    private ConnectTarget()
    {
    }

    /// <summary>A TCP endpoint.</summary>
    public sealed record Tcp(IPAddress Address, int Port) : ConnectTarget;

    /// <summary>A unix socket: its path, or '@' and an abstract name; <paramref name="Port"/> is the number in the name.</summary>
    public sealed record Unix(string Path, int Port) : ConnectTarget;
}
