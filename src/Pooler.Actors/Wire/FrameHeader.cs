using System.Buffers.Binary;

namespace Pooler.Actors.Wire;

/// <summary>Type and size of a regular message: one type byte, then an int32 length that counts itself but not the type byte.</summary>
public readonly struct FrameHeader
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 5;

    private FrameHeader(byte type, int length)
    {
        Type = type;
        Length = length;
    }

    /// <summary>The type byte, see <see cref="FrontendMessage"/> and <see cref="BackendMessage"/>.</summary>
    public byte Type { get; }

    /// <summary>Bytes of the whole message, type byte included; at least <see cref="Size"/>.</summary>
    public int Length { get; }

    /// <summary>Bytes behind the header.</summary>
    public int BodyLength => Length - Size;

    /// <summary>True if these bytes, which begin with a header, are one message and all of it.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadInt32BigEndian(message[1..]) == message.Length - 1;

    /// <summary>Reads the header at the start of <paramref name="bytes"/>.</summary>
    /// <param name="bytes">Received bytes from the start of a message on.</param>
    /// <param name="maxPacketSize">The most bytes a whole message may have (setting max_packet_size).</param>
    /// <param name="header">The header when the result is <see cref="FrameStatus.Ok"/>.</param>
    public static FrameStatus TryRead(ReadOnlySpan<byte> bytes, uint maxPacketSize, out FrameHeader header)
    {
        if (bytes.Length < Size)
        {
            header = default;
            return FrameStatus.Incomplete;
        }

        // Unsigned and 64 bits wide: neither a length with its top bit set nor the added type byte can wrap around.
        var total = BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]) + 1L;
        if (bytes[0] == 0 || total < Size || total > maxPacketSize || total > int.MaxValue)
        {
            header = default;
            return FrameStatus.Bad;
        }

        header = new FrameHeader(bytes[0], (int)total);
        return FrameStatus.Ok;
    }
}
