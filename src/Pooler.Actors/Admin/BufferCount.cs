namespace Pooler.Actors.Admin;

/// <summary>How many buffers of pkt_buf bytes are in use and kept for reuse.</summary>
public readonly record struct BufferCount(int Used, int Free)
{
    public static BufferCount operator +(BufferCount left, BufferCount right) => new(left.Used + right.Used, left.Free + right.Free);
}
