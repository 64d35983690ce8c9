using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Wire;

public sealed class MessageReaderTests
{
    [Fact]
    public void Fields_are_read_in_order_and_the_end_is_seen()
    {
        var reader = new MessageReader([7, 0xFF, 0xFE, 0x80, 0, 0, 1, (byte)'a', (byte)'b', 0, 0, 9, 8]);

        Assert.True(reader.TryReadByte(out var octet));
        Assert.Equal(7, octet);
        Assert.True(reader.TryReadInt16(out var small));
        Assert.Equal(-2, small);
        Assert.True(reader.TryReadInt32(out var number));
        Assert.Equal(int.MinValue + 1, number);
        Assert.True(reader.TryReadCString(out var text));
        Assert.True(text.SequenceEqual("ab"u8));
        Assert.True(reader.TryReadCString(out var empty));
        Assert.True(empty.IsEmpty);
        Assert.False(reader.TryReadCString(out _));
        Assert.False(reader.AtEnd);
        Assert.True(reader.TryReadBytes(2, out var bytes));
        Assert.True(bytes.SequenceEqual(new byte[] { 9, 8 }));
        Assert.True(reader.AtEnd);
    }

    [Fact]
    public void What_is_not_there_whole_leaves_the_position()
    {
        var reader = new MessageReader([1, 2, 3]);

        Assert.False(reader.TryReadInt32(out _));
        Assert.False(reader.TryReadBytes(4, out _));
        Assert.False(reader.TryReadBytes(-1, out _));
        Assert.False(reader.TryReadBytes(int.MaxValue, out _));
        Assert.False(reader.TryReadBytes(int.MinValue, out _));
        Assert.False(reader.TryReadCString(out _));
        Assert.Equal(0, reader.Position);
        Assert.True(reader.TryReadBytes(3, out _));
        Assert.False(reader.TryReadByte(out _));
        Assert.False(reader.TryReadInt16(out _));
        Assert.True(reader.TryReadBytes(0, out _));
        Assert.Equal(3, reader.Position);
    }

    [Fact]
    public void A_ParameterStatus_is_exactly_two_strings()
    {
        byte[] body = [.. "TimeZone\0UTC\0"u8];
        Assert.True(ParameterStatusMessage.TryRead(body, out var name, out var value));
        Assert.True(name.SequenceEqual("TimeZone"u8));
        Assert.True(value.SequenceEqual("UTC"u8));
        Assert.False(ParameterStatusMessage.TryRead([.. body, 0], out _, out _));
        for (var length = 0; length < body.Length; length++)
        {
            Assert.False(ParameterStatusMessage.TryRead(body.AsSpan(0, length), out _, out _));
        }
    }

    [Fact]
    public void A_server_error_may_lack_any_field_and_end_anywhere()
    {
        byte[] body = [.. "SFEHLER\0VFATAL\0C28P01\0Mno\0Dwhy\0Hhow\0Fauth.c\0\0"u8];
        Assert.True(ServerError.TryRead(body, out var error));
        Assert.Equal(new ServerError("FATAL", "28P01", "no", "why", "how"), error);
        for (var length = 0; length < body.Length; length++)
        {
            Assert.False(ServerError.TryRead(body.AsSpan(0, length), out var part));
            Assert.NotNull(part.MessageOrDefault);
            Assert.NotNull(part.SqlStateOrDefault);
        }

        Assert.True(ServerError.TryRead("\0"u8, out var empty));
        Assert.Equal(new ServerError(null, null, null, null, null), empty);
        Assert.Equal(("ERROR", "08P01", ""), (empty.SeverityOrDefault, empty.SqlStateOrDefault, empty.MessageOrDefault));
        Assert.True(ServerError.TryRead("SERROR\0\0"u8, out var old));
        Assert.Equal("ERROR", old.Severity);
    }
}
