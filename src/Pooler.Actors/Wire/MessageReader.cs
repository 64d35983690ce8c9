using System.Buffers.Binary;

namespace Pooler.Actors.Wire;

/// <summary>
/// Reads the fields of one message body. Every read checks the bounds, says false when the field is not there whole, and then leaves the
/// position where it was.
/// </summary>
public ref struct MessageReader(ReadOnlySpan<byte> body)
{
    private readonly ReadOnlySpan<byte> _body = body;

    /// <summary>Offset of the next field in the body.</summary>
    public int Position { get; private set; }

    /// <summary>Bytes that have not been read.</summary>
    public readonly ReadOnlySpan<byte> Remaining => _body[Position..];

    /// <summary>True when nothing is left.</summary>
    public readonly bool AtEnd => Position == _body.Length;

    public bool TryReadByte(out byte value)
    {
        if (AtEnd)
        {
            value = 0;
            return false;
        }

        value = _body[Position++];
        return true;
    }

    public bool TryReadInt16(out short value)
    {
        if (!BinaryPrimitives.TryReadInt16BigEndian(Remaining, out value))
        {
            return false;
        }

        Position += sizeof(short);
        return true;
    }

    public bool TryReadInt32(out int value)
    {
        if (!BinaryPrimitives.TryReadInt32BigEndian(Remaining, out value))
        {
            return false;
        }

        Position += sizeof(int);
        return true;
    }

    /// <summary>Reads up to the next NUL byte; the NUL is consumed and not part of the value.</summary>
    public bool TryReadCString(out ReadOnlySpan<byte> value)
    {
        var length = Remaining.IndexOf((byte)0);
        if (length < 0)
        {
            value = default;
            return false;
        }

        value = Remaining[..length];
        Position += length + 1;
        return true;
    }

    /// <summary>Reads exactly <paramref name="count"/> bytes; a negative count is not there.</summary>
    public bool TryReadBytes(int count, out ReadOnlySpan<byte> value)
    {
        if (count < 0 || count > _body.Length - Position)
        {
            value = default;
            return false;
        }

        value = _body.Slice(Position, count);
        Position += count;
        return true;
    }
}
