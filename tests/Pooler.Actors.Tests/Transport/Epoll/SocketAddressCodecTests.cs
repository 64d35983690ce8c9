using System.Net;
using Pooler.Actors.Transport;
using Pooler.Actors.Transport.Epoll;

namespace Pooler.Actors.Tests.Transport.Epoll;

public sealed class SocketAddressCodecTests
{
    [Theory]
    [InlineData("127.0.0.1", 6432, "127.0.0.1:6432")]
    [InlineData("255.1.20.3", 1, "255.1.20.3:1")]
    [InlineData("::1", 65535, "[::1]:65535")]
    [InlineData("2001:db8::ff00:42:8329", 5432, "[2001:db8::ff00:42:8329]:5432")]
    public void Addresses_come_back_as_they_were_written(string address, int port, string text)
    {
        var buffer = new byte[SocketAddressCodec.MaxSize];
        var length = SocketAddressCodec.Write(buffer, IPAddress.Parse(address), port);
        Assert.Equal(text, SocketAddressCodec.Read(buffer.AsSpan(0, length), 0).ToString());
        Assert.Equal(text, SocketAddressCodec.Tcp(IPAddress.Parse(address), port).ToString());
    }

    [Fact]
    public void Paths_end_with_a_zero_and_abstract_names_begin_with_one()
    {
        var buffer = new byte[SocketAddressCodec.MaxSize];
        Assert.True(SocketAddressCodec.TryWriteUnix(buffer, "/tmp/s", out var length));
        Assert.Equal([1, 0, (byte)'/', (byte)'t', (byte)'m', (byte)'p', (byte)'/', (byte)'s', 0], buffer[..length]);
        Assert.True(SocketAddressCodec.TryWriteUnix(buffer, "@ab", out length));
        Assert.Equal([1, 0, 0, (byte)'a', (byte)'b'], buffer[..length]);
        Assert.True(SocketAddressCodec.TryWriteUnix(buffer, "/" + new string('x', 106), out _));
        Assert.False(SocketAddressCodec.TryWriteUnix(buffer, "/" + new string('x', 107), out _));
        Assert.True(SocketAddressCodec.TryWriteUnix(buffer, "@" + new string('x', 107), out _));
        Assert.False(SocketAddressCodec.TryWriteUnix(buffer, "", out _));
    }

    [Fact]
    public void A_truncated_address_is_that_of_a_unix_socket_with_the_port_given()
    {
        Assert.Equal(new PeerAddress(AddressKind.Unix, "unix", 6432), SocketAddressCodec.Read([], 6432));
        Assert.Equal(new PeerAddress(AddressKind.Unix, "unix", 6432), SocketAddressCodec.Read([2, 0, 1], 6432));
    }
}
