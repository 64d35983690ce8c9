using System.Buffers.Binary;
using Pooler.Actors.Transport;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Relay;

/// <summary>
/// Cuts one direction of a connection into messages, wherever its bytes happen to be split, and without holding them: only the beginning of a
/// message that has not enough bytes yet is kept, in a pooled buffer. Large bodies pass through in the pieces they come in.
/// A mutable struct that lives in its owner; used on the loop's thread. Source: PostgreSQL protocol, section "Message Formats".
/// </summary>
internal struct FrameStream<TPolicy>
    where TPolicy : struct, IFramePolicy
{
    private const int HeaderLength = FrameHeader.Size;

    /// <summary>What is wanted of a message; a struct that is used in place.</summary>
    public TPolicy Policy;

    private byte[]? _collected;
    private int _collectedLength;
    private bool _collectedIsGiven;

    /// <summary>Bytes of the current message that have not come yet.</summary>
    public long Remaining { get; private set; }

    /// <summary>What the owner decided for the current message: pass its body on, or drop it.</summary>
    public bool Forwarding { get; set; }

    /// <summary>True between two messages: nothing is half received.</summary>
    public readonly bool AtBoundary => Remaining == 0 && (_collectedLength == 0 || _collectedIsGiven);

    /// <summary>
    /// Takes the next step in <paramref name="input"/> from <paramref name="position"/>, and moves that on. <paramref name="piece"/> is what the step is about; when it does not lie
    /// in the input (<paramref name="isCollected"/>), it is valid until the next call.
    /// </summary>
    public FrameStep Next(
        ReadOnlySpan<byte> input,
        ref int position,
        BufferPool buffers,
        uint largest,
        out ReadOnlySpan<byte> piece,
        out bool isCollected)
    {
        isCollected = false;
        if (_collectedIsGiven)
        {
            Release(buffers);
        }

        if (position == input.Length)
        {
            piece = default;
            return FrameStep.End;
        }

        if (Remaining > 0)
        {
            var length = (int)Math.Min(Remaining, input.Length - position);
            piece = input.Slice(position, length);
            position += length;
            Remaining -= length;
            return FrameStep.Body;
        }

        if (_collected is not null)
        {
            return Collect(input, ref position, buffers, largest, out piece, out isCollected);
        }

        var rest = input[position..];
        if (rest.Length < HeaderLength)
        {
            Keep(rest, ref position, buffers, HeaderLength);
            piece = default;
            return FrameStep.End;
        }

        var total = TotalLength(rest);
        if (total < HeaderLength || total > largest)
        {
            piece = rest[..HeaderLength];
            return FrameStep.Bad;
        }

        if (rest.Length < total && Policy.Wanted(rest, total) is var wanted && rest.Length < wanted)
        {
            if (wanted > TPolicy.CollectedAtMost)
            {
                piece = rest[..HeaderLength];
                return FrameStep.Bad;
            }

            Keep(rest, ref position, buffers, rest.Length);
            piece = default;
            return FrameStep.End;
        }

        var there = (int)Math.Min(total, rest.Length);
        piece = rest[..there];
        position += there;
        Remaining = total - there;
        return FrameStep.Header;
    }

    /// <summary>Gives back what is kept; for a connection that is closed.</summary>
    public void Release(BufferPool buffers)
    {
        if (_collected is not null)
        {
            buffers.Return(_collected);
            _collected = null;
        }

        _collectedLength = 0;
        _collectedIsGiven = false;
    }

    /// <summary>Forgets the message whose header was given last: its bytes, which the owner keeps, will be given again from its start.</summary>
    public void Rewind(BufferPool buffers)
    {
        Release(buffers);
        Remaining = 0;
    }

    private static long TotalLength(ReadOnlySpan<byte> header) => 1L + BinaryPrimitives.ReadUInt32BigEndian(header[1..]);

    private FrameStep Collect(
        ReadOnlySpan<byte> input, ref int position, BufferPool buffers, uint largest, out ReadOnlySpan<byte> piece, out bool isCollected)
    {
        isCollected = true;
        if (_collectedLength < HeaderLength && !TryFill(input, ref position, buffers, HeaderLength))
        {
            piece = default;
            return FrameStep.End;
        }

        var total = TotalLength(_collected);
        long wanted;
        while ((wanted = Policy.Wanted(_collected.AsSpan(0, _collectedLength), total)) > _collectedLength && total <= largest)
        {
            if (wanted > TPolicy.CollectedAtMost)
            {
                break;
            }

            if (!TryFill(input, ref position, buffers, (int)wanted))
            {
                piece = default;
                return FrameStep.End;
            }
        }

        if (total < HeaderLength || total > largest || wanted > TPolicy.CollectedAtMost)
        {
            piece = _collected.AsSpan(0, HeaderLength);
            return FrameStep.Bad;
        }

        piece = _collected.AsSpan(0, _collectedLength);
        Remaining = total - _collectedLength;
        _collectedIsGiven = true;
        return FrameStep.Header;
    }

    private bool TryFill(ReadOnlySpan<byte> input, ref int position, BufferPool buffers, int wanted)
    {
        // Room for what is there, not for what is announced: that may never come.
        var length = Math.Min(wanted - _collectedLength, input.Length - position);
        _collected = buffers.Grow(_collected, _collectedLength, _collectedLength + length);
        input.Slice(position, length).CopyTo(_collected.AsSpan(_collectedLength));
        _collectedLength += length;
        position += length;
        return _collectedLength == wanted;
    }

    private void Keep(ReadOnlySpan<byte> rest, ref int position, BufferPool buffers, int room)
    {
        _collected = buffers.Rent(Math.Max(room, HeaderLength));
        rest.CopyTo(_collected);
        _collectedLength = rest.Length;
        position += rest.Length;
    }
}
