using System.Buffers;
using System.Buffers.Binary;

namespace Pooler.Actors.Wire;

/// <summary>
/// Builds messages one behind the other in a buffer that grows and is used again. It holds a pooled buffer only between the first write and
/// <see cref="Release"/>. Not thread-safe: usually one writer belongs to a loop and is emptied before each use. The other parts of the class
/// have one method per message.
/// </summary>
public sealed partial class MessageWriter(int initialCapacity = 1024) : IDisposable
{
    private byte[] _buffer = [];
    private int _length;
    private int _messageStart = -1;

    /// <summary>What was written since the last <see cref="Reset"/>; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>Bytes of <see cref="Written"/>.</summary>
    public int Length => _length;

    /// <summary>Forgets what was written and keeps the buffer.</summary>
    public void Reset()
    {
        _length = 0;
        _messageStart = -1;
    }

    /// <summary>Forgets what was written and gives the buffer back; the writer can be used again.</summary>
    public void Release()
    {
        Reset();
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    public void Dispose() => Release();

    /// <summary>Appends bytes that are a message, or several, already.</summary>
    public void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _length += bytes.Length;
    }

    /// <summary>Starts a message of this type; <see cref="EndMessage"/> puts its length in.</summary>
    public void BeginMessage(byte type)
    {
        AppendByte(type);
        BeginUntypedMessage();
    }

    /// <summary>Ends the message and puts its length in.</summary>
    public void EndMessage()
    {
        if (_messageStart < 0)
        {
            throw new InvalidOperationException("No message was begun.");
        }

        BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(_messageStart), _length - _messageStart);
        _messageStart = -1;
    }

    public void AppendByte(byte value)
    {
        Reserve(1)[0] = value;
        _length++;
    }

    public void AppendInt16(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(Reserve(sizeof(short)), value);
        _length += sizeof(short);
    }

    public void AppendInt32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(Reserve(sizeof(int)), value);
        _length += sizeof(int);
    }

    public void AppendBytes(ReadOnlySpan<byte> value) => WriteRaw(value);

    /// <summary>Appends the text without a terminator.</summary>
    public void AppendText(string value)
    {
        var count = WireText.ByteCount(value);
        _length += WireText.Encode(value, Reserve(count));
    }

    /// <summary>
    /// Appends the text and a NUL. The text must not contain one: that would end the field early and let the rest pass as the next field.
    /// </summary>
    public void AppendCString(string value)
    {
        if (value.Contains('\0'))
        {
            throw new ArgumentException("A C-string cannot contain NUL.", nameof(value));
        }

        AppendText(value);
        AppendByte(0);
    }

    /// <summary>Appends the bytes and a NUL; the bytes must not contain one.</summary>
    public void AppendCString(ReadOnlySpan<byte> value)
    {
        if (value.Contains((byte)0))
        {
            throw new ArgumentException("A C-string cannot contain NUL.", nameof(value));
        }

        AppendBytes(value);
        AppendByte(0);
    }

    private void BeginUntypedMessage()
    {
        if (_messageStart >= 0)
        {
            throw new InvalidOperationException("The previous message was not ended.");
        }

        var start = _length;
        AppendInt32(0);
        _messageStart = start;
    }

    private Span<byte> Reserve(int count)
    {
        var needed = checked(_length + count);
        if (needed > _buffer.Length)
        {
            Grow(needed);
        }

        return _buffer.AsSpan(_length, count);
    }

    private void Grow(int needed)
    {
        var doubled = (int)Math.Min(2L * _buffer.Length, Array.MaxLength);
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(doubled, initialCapacity)));
        _buffer.AsSpan(0, _length).CopyTo(buffer);
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = buffer;
    }
}
