using System.Buffers.Binary;
using System.Text;

namespace Pooler.Testing.Protocol;

/// <summary>One message as the server or the pooler sent it: its type byte and the body behind the length.</summary>
public sealed record BackendMessage(char Type, byte[] Body)
{
    /// <summary>The zero-terminated text at the start of the body.</summary>
    public string Text => Encoding.UTF8.GetString(Body.AsSpan(0, Math.Max(0, Body.AsSpan().IndexOf((byte)0))));

    public int Int32(int offset = 0) => BinaryPrimitives.ReadInt32BigEndian(Body.AsSpan(offset));

    public short Int16(int offset = 0) => BinaryPrimitives.ReadInt16BigEndian(Body.AsSpan(offset));

    /// <summary>The fields of an ErrorResponse or NoticeResponse.</summary>
    public ErrorFields Error()
    {
        Dictionary<char, string> fields = [];
        int at = 0;
        while (at < Body.Length && Body[at] != 0)
        {
            int end = Array.IndexOf(Body, (byte)0, at + 1);
            fields[(char)Body[at]] = Encoding.UTF8.GetString(Body.AsSpan(at + 1, end - at - 1));
            at = end + 1;
        }

        return new ErrorFields(
            fields.GetValueOrDefault('S', string.Empty),
            fields.GetValueOrDefault('C', string.Empty),
            fields.GetValueOrDefault('M', string.Empty),
            fields.GetValueOrDefault('D'));
    }
}
