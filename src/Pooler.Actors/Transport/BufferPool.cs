namespace Pooler.Actors.Transport;

/// <summary>
/// Buffers of one loop for bytes that have to wait. Not thread-safe: rented, used and returned on the loop's thread. Standard buffers (setting
/// pkt_buf) are kept on a stack for reuse; larger ones come from the shared array pool.
/// </summary>
public sealed class BufferPool(int standardSize)
{
    private const int KeptAtMost = 1024;
    private readonly Stack<byte[]> _free = new();

    /// <summary>Bytes of a standard buffer.</summary>
    public int StandardSize { get; } = standardSize;

    /// <summary>Buffers that are rented now.</summary>
    public int Rented { get; private set; }

    /// <summary>Standard buffers that are kept for reuse.</summary>
    public int Free => _free.Count;

    /// <summary>A buffer of at least <paramref name="size"/> bytes with arbitrary contents.</summary>
    public byte[] Rent(int size)
    {
        Rented++;
        if (size > StandardSize)
        {
            return System.Buffers.ArrayPool<byte>.Shared.Rent(size);
        }

        return _free.TryPop(out var buffer) ? buffer : GC.AllocateUninitializedArray<byte>(StandardSize);
    }

    /// <summary>
    /// A buffer of at least <paramref name="room"/> bytes that begins with the first <paramref name="used"/> bytes of <paramref name="buffer"/>: the same one where it is large enough,
    /// else a new one, and then the old one, if there is one, is given back.
    /// </summary>
    public byte[] Grow(byte[]? buffer, int used, int room)
    {
        if (buffer is null)
        {
            return Rent(room);
        }

        if (buffer.Length >= room)
        {
            return buffer;
        }

        var larger = Rent(room);
        buffer.AsSpan(0, used).CopyTo(larger);
        Return(buffer);
        return larger;
    }

    /// <summary>Gives a rented buffer back; it must not be used afterwards.</summary>
    public void Return(byte[] buffer)
    {
        Rented--;
        if (buffer.Length != StandardSize)
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
        else if (_free.Count < KeptAtMost)
        {
            _free.Push(buffer);
        }
    }
}
