using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Pooler.Actors.Transport.Epoll;

/// <summary>Turns addresses into struct sockaddr and back.</summary>
internal static class SocketAddressCodec
{
    /// <summary>Room for every address that is used: sockaddr_un is the largest with 110 bytes.</summary>
    internal const int MaxSize = 128;

    private const int UnixPathSize = 108;

    // Many clients of few hosts: the text of the last one is shared by all connections that come from there.
    [ThreadStatic]
    private static uint _lastIPv4;

    [ThreadStatic]
    private static string? _lastIPv4Text;

    /// <summary>Writes sockaddr_in or sockaddr_in6; gives its length.</summary>
    internal static int Write(Span<byte> target, IPAddress address, int port)
    {
        target[..28].Clear();
        var isIPv6 = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        BitConverter.TryWriteBytes(target, (ushort)(isIPv6 ? LibC.FamilyIPv6 : LibC.FamilyIPv4));
        BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)port);
        if (!isIPv6)
        {
            address.TryWriteBytes(target[4..], out _);
            return 16;
        }

        address.TryWriteBytes(target[8..], out _);
        BitConverter.TryWriteBytes(target[24..], (uint)address.ScopeId);
        return 28;
    }

    /// <summary>Writes sockaddr_un for a path, or for an abstract name when it begins with '@'. False when it is too long.</summary>
    internal static bool TryWriteUnix(Span<byte> target, string path, out int length)
    {
        target[..MaxSize].Clear();
        BitConverter.TryWriteBytes(target, (ushort)LibC.FamilyUnix);
        var size = Encoding.UTF8.GetByteCount(path);
        var isAbstract = path.StartsWith('@');

        // A path ends with a zero byte that counts; an abstract name begins with one, in the place of the '@', and has no end mark.
        length = 2 + size + (isAbstract ? 0 : 1);
        if (size == 0 || length > 2 + UnixPathSize)
        {
            return false;
        }

        Encoding.UTF8.GetBytes(path, target[2..]);
        if (isAbstract)
        {
            target[2] = 0;
        }

        return true;
    }

    /// <summary>Reads an address that the kernel wrote; <paramref name="unixPort"/> is the port of unix sockets, whose address has none.</summary>
    internal static PeerAddress Read(ReadOnlySpan<byte> source, int unixPort)
    {
        var family = source.Length >= 2 ? BitConverter.ToUInt16(source) : 0;
        if (family == LibC.FamilyIPv4 && source.Length >= 8)
        {
            var port = BinaryPrimitives.ReadUInt16BigEndian(source[2..]);
            return new PeerAddress(AddressKind.IPv4, IPv4Text(source.Slice(4, 4)), port);
        }

        if (family == LibC.FamilyIPv6 && source.Length >= 28)
        {
            var port = BinaryPrimitives.ReadUInt16BigEndian(source[2..]);
            var address = new IPAddress(source.Slice(8, 16), BitConverter.ToUInt32(source[24..]));
            return new PeerAddress(AddressKind.IPv6, address.ToString(), port);
        }

        return Unix(unixPort);
    }

    /// <summary>One end of a unix socket of which only the port is known.</summary>
    internal static PeerAddress Unix(int port) => new(AddressKind.Unix, "unix", port);

    /// <summary>The address of a TCP endpoint.</summary>
    internal static PeerAddress Tcp(IPAddress address, int port) => new(
        address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? AddressKind.IPv6 : AddressKind.IPv4,
        address.ToString(),
        port);

    private static string IPv4Text(ReadOnlySpan<byte> address)
    {
        var number = BinaryPrimitives.ReadUInt32BigEndian(address);
        if (_lastIPv4Text is null || number != _lastIPv4)
        {
            _lastIPv4 = number;
            _lastIPv4Text = $"{address[0]}.{address[1]}.{address[2]}.{address[3]}";
        }

        return _lastIPv4Text;
    }
}
