using System.Buffers.Binary;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Wire;

public sealed class StartupRequestTests
{
    [Theory]
    [InlineData(ProtocolCode.SslRequest, StartupRequestKind.SslRequest, 0)]
    [InlineData(ProtocolCode.GssEncRequest, StartupRequestKind.GssEncRequest, 0)]
    [InlineData(ProtocolCode.CancelRequest, StartupRequestKind.CancelRequest, 8)]
    [InlineData(ProtocolCode.CancelRequest, StartupRequestKind.CancelRequest, 3)]
    [InlineData(ProtocolCode.Version2, StartupRequestKind.StartupVersion2, 288)]
    [InlineData(ProtocolCode.Version3, StartupRequestKind.Startup, 1)]
    [InlineData(ProtocolCode.Version3 + 2, StartupRequestKind.Startup, 40)]
    [InlineData(ProtocolCode.LastVersion3, StartupRequestKind.Startup, 9992)]
    public void A_request_is_read_when_its_last_byte_is_there(int code, StartupRequestKind kind, int bodyLength)
    {
        var packet = Packet(code, bodyLength);
        for (var length = 0; length < packet.Length; length++)
        {
            Assert.Equal(StartupStatus.Incomplete, StartupRequest.TryRead(packet.AsSpan(0, length), out _, out var none, out _));
            Assert.Equal(0, none);
        }

        byte[] followed = [.. packet, 1, 2, 3];
        Assert.Equal(StartupStatus.Ok, StartupRequest.TryRead(followed, out var request, out var consumed, out var error));
        Assert.Null(error);
        Assert.Equal(packet.Length, consumed);
        Assert.Equal(kind, request!.Kind);
        Assert.Equal(code >> 16, request.ProtocolMajor);
        Assert.Equal(code & 0xFFFF, request.ProtocolMinor);
        Assert.Equal(packet[8..], request.Body.ToArray());
    }

    [Theory]
    [InlineData("0000000700030000", "0000000700030000")]
    [InlineData("0000271100030000", "0000271100030000")]
    [InlineData("0001000000030000", "0001000000030000")]
    [InlineData("0000000800040000ff", "0000000800040000")]
    [InlineData("0000000804d21631", "0000000804d21631")]
    [InlineData("0000000904d2162f00", "0000000904d2162f")]
    [InlineData("fffe000000000000", "fffe000000")]
    [InlineData("fffe000000000000", "fffe000000000000")]
    public void A_bad_header_is_told_in_hex(string packet, string shown)
    {
        var bytes = Convert.FromHexString(packet)[..(shown.Length == 16 ? packet.Length / 2 : shown.Length / 2)];

        Assert.Equal(StartupStatus.Bad, StartupRequest.TryRead(bytes, out var request, out _, out var error));
        Assert.Null(request);
        Assert.Equal($"bad packet header: '{shown}'", error);
    }

    [Fact]
    public void A_huge_announced_length_is_refused_with_the_header()
    {
        Assert.Equal(StartupStatus.Bad, StartupRequest.TryRead(Convert.FromHexString("707fffffff"), out _, out _, out _));
        Assert.Equal(StartupStatus.Bad, StartupRequest.TryRead(Convert.FromHexString("517fffffff"), out _, out _, out _));
    }

    [Fact]
    public void A_password_before_the_startup_packet_is_fatal()
    {
        Assert.Equal(StartupStatus.Incomplete, StartupRequest.TryRead("p\0\0\0"u8, out _, out _, out _));
        Assert.Equal(StartupStatus.Bad, StartupRequest.TryRead("p\0\0\0\u0005x"u8, out _, out _, out var error));
        Assert.Equal("client password pkt before startup packet", error);
    }

    [Fact]
    public void Another_message_before_the_startup_packet_is_closed_without_a_word()
    {
        Assert.Equal(StartupStatus.BadSilent, StartupRequest.TryRead("Q\0\0\0\u0005\0"u8, out _, out _, out var error));
        Assert.Equal("bad packet", error);
    }

    private static byte[] Packet(int code, int bodyLength)
    {
        var packet = new byte[8 + bodyLength];
        BinaryPrimitives.WriteInt32BigEndian(packet, packet.Length);
        BinaryPrimitives.WriteInt32BigEndian(packet.AsSpan(4), code);
        for (var i = 8; i < packet.Length; i++)
        {
            packet[i] = (byte)i;
        }

        return packet;
    }
}
