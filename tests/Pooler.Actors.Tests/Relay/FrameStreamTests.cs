using System.Buffers.Binary;
using Pooler.Actors.Relay;
using Pooler.Actors.Transport;

namespace Pooler.Actors.Tests.Relay;

public sealed class FrameStreamTests
{
    private readonly BufferPool _buffers = new(64);

    /// <summary>However the bytes are split, the same messages come out, and every byte once.</summary>
    [Fact]
    public void EverySplitGivesTheSameMessages()
    {
        byte[] bytes = [.. Frame('D', 0), .. Frame('Z', 1), .. Frame('D', 300), .. Frame('S', 40), .. Frame('C', 7)];
        for (var first = 0; first <= bytes.Length; first++)
        {
            for (var second = first; second <= bytes.Length; second += 7)
            {
                var (types, output) = Run(uint.MaxValue, bytes[..first], bytes[first..second], bytes[second..]);
                Assert.Equal("DZDSC", types);
                Assert.Equal(bytes, output);
            }
        }

        Assert.Equal(0, _buffers.Rented);
    }

    [Fact]
    public void ByteByByteGivesTheSameMessages()
    {
        byte[] bytes = [.. Frame('Z', 1), .. Frame('D', 20), .. Frame('S', 200), .. Frame('Z', 1)];
        var (types, output) = Run(uint.MaxValue, [.. bytes.Select(value => new[] { value })]);
        Assert.Equal("ZDSZ", types);
        Assert.Equal(bytes, output);
        Assert.Equal(0, _buffers.Rented);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void ALengthBelowItsOwnSizeIsBad(int length)
    {
        var frame = Frame('D', 0);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), length);
        Assert.Equal("!", Run(uint.MaxValue, frame).Types);
    }

    [Fact]
    public void AMessageBeyondTheLimitIsBadBeforeItsBodyComes()
    {
        Assert.Equal("!", Run(100, Frame('D', 200)[..5]).Types);
        Assert.Equal("D", Run(205, Frame('D', 200)).Types);
    }

    [Fact]
    public void ANegativeLengthIsBad()
    {
        Assert.Equal("!", Run(int.MaxValue, [(byte)'D', 0xFF, 0xFF, 0xFF, 0xFF]).Types);
    }

    [Fact]
    public void AWholeMessageBeyondWhatIsCollectedIsBad()
    {
        var frame = Frame('S', 10);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), 3 << 20);
        Assert.Equal("!", Run(uint.MaxValue, frame).Types);
    }

    [Fact]
    public void ALargeBodyPassesThroughWithoutBeingKept()
    {
        var stream = default(FrameStream<ResponsePolicy>);
        var position = 0;
        byte[] header = [(byte)'D', 0x7F, 0xFF, 0xFF, 0xFF];
        Assert.Equal(FrameStep.Header, stream.Next(header, ref position, _buffers, uint.MaxValue, out _, out _));
        var part = new byte[1000];
        for (var i = 0; i < 10; i++)
        {
            position = 0;
            Assert.Equal(FrameStep.Body, stream.Next(part, ref position, _buffers, uint.MaxValue, out var piece, out _));
            Assert.Equal(1000, piece.Length);
            Assert.Equal(0, _buffers.Rented);
        }

        Assert.Equal(0x7FFFFFFF - 4 - 10000, stream.Remaining);
    }

    private static byte[] Frame(char type, int body)
    {
        var frame = new byte[5 + body];
        frame[0] = (byte)type;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), body + 4);
        for (var i = 5; i < frame.Length; i++)
        {
            frame[i] = (byte)(i * 31);
        }

        return frame;
    }

    private (string Types, byte[] Output) Run(uint largest, params byte[][] inputs)
    {
        var stream = default(FrameStream<ResponsePolicy>);
        var types = "";
        var output = new List<byte>();
        foreach (var input in inputs)
        {
            var position = 0;
            while (true)
            {
                var step = stream.Next(input, ref position, _buffers, largest, out var piece, out _);
                if (step == FrameStep.End)
                {
                    break;
                }

                if (step == FrameStep.Bad)
                {
                    stream.Release(_buffers);
                    return (types + "!", [.. output]);
                }

                if (step == FrameStep.Header)
                {
                    types += (char)piece[0];
                }

                output.AddRange(piece);
            }
        }

        stream.Release(_buffers);
        return (types, [.. output]);
    }
}
