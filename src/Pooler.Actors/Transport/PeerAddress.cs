namespace Pooler.Actors.Transport;

/// <summary>One end of a connection, in the words of the console and the log.</summary>
/// <param name="Kind">TCP over IPv4 or IPv6, or a unix socket.</param>
/// <param name="Host">The IP address without brackets; for a unix socket "unix".</param>
/// <param name="Port">The TCP port; for a unix socket the port in its name.</param>
/// <param name="Pid">Unix sockets: the peer's process id, else 0.</param>
/// <param name="Uid">Unix sockets: the peer's user id, else -1.</param>
public sealed record PeerAddress(AddressKind Kind, string Host, int Port, int Pid = 0, int Uid = -1)
{
    /// <summary>The way a log line names it: "1.2.3.4:5", "[::1]:5", "unix(123):6432" or "unix:6432".</summary>
    public override string ToString() => Kind switch
    {
        AddressKind.Unix when Pid > 0 => $"unix({Pid}):{Port}",
        AddressKind.Unix => $"unix:{Port}",
        AddressKind.IPv6 => $"[{Host}]:{Port}",
        _ => $"{Host}:{Port}",
    };
}
