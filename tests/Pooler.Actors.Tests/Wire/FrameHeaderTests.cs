using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Wire;

public sealed class FrameHeaderTests
{
    [Fact]
    public void A_header_is_incomplete_until_its_fifth_byte()
    {
        byte[] bytes = [(byte)'Q', 0, 0, 0, 9, 1];
        for (var length = 0; length < FrameHeader.Size; length++)
        {
            Assert.Equal(FrameStatus.Incomplete, FrameHeader.TryRead(bytes.AsSpan(0, length), 100, out _));
        }

        Assert.Equal(FrameStatus.Ok, FrameHeader.TryRead(bytes, 100, out var header));
        Assert.Equal((byte)'Q', header.Type);
        Assert.Equal(10, header.Length);
        Assert.Equal(5, header.BodyLength);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(3u)]
    [InlineData(100u)]
    [InlineData(0x7FFF_FFFFu)]
    [InlineData(0x8000_0000u)]
    [InlineData(0xFFFF_FFFFu)]
    public void A_length_below_itself_or_above_the_limit_is_bad(uint length)
    {
        byte[] bytes = [(byte)'Q', (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length];

        Assert.Equal(FrameStatus.Bad, FrameHeader.TryRead(bytes, 100, out _));
    }

    [Fact]
    public void The_limit_counts_the_type_byte()
    {
        byte[] bytes = [(byte)'Q', 0, 0, 0, 99];

        Assert.Equal(FrameStatus.Ok, FrameHeader.TryRead(bytes, 100, out _));
        Assert.Equal(FrameStatus.Bad, FrameHeader.TryRead(bytes, 99, out _));
    }

    [Fact]
    public void The_widest_limit_does_not_overflow()
    {
        byte[] most = [(byte)'d', 0x7F, 0xFF, 0xFF, 0xFE];
        byte[] more = [(byte)'d', 0x7F, 0xFF, 0xFF, 0xFF];

        Assert.Equal(FrameStatus.Ok, FrameHeader.TryRead(most, uint.MaxValue, out var header));
        Assert.Equal(int.MaxValue, header.Length);
        Assert.Equal(FrameStatus.Bad, FrameHeader.TryRead(more, uint.MaxValue, out _));
    }
}
