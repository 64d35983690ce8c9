using System.Buffers.Binary;
using System.Text;

namespace Pooler.Actors.Tests.Admin;

/// <summary>Reads the console's answers in the extended protocol as short texts.</summary>
internal static class ExtendedMessages
{
    public static List<string> ReadAll(ReadOnlySpan<byte> bytes)
    {
        List<string> messages = [];
        while (!bytes.IsEmpty)
        {
            int length = 1 + BinaryPrimitives.ReadInt32BigEndian(bytes[1..]);
            messages.Add((char)bytes[0] switch
            {
                'D' => "D " + Row(bytes[5..length]),
                't' => string.Join(' ', Types(bytes[7..length]).Prepend("t")),
                _ => Messages.Read(bytes[..length])[0],
            });
            bytes = bytes[length..];
        }

        return messages;
    }

    private static List<string> Types(ReadOnlySpan<byte> bytes)
    {
        List<string> types = [];
        for (; !bytes.IsEmpty; bytes = bytes[4..])
            types.Add(BinaryPrimitives.ReadInt32BigEndian(bytes).ToString(System.Globalization.CultureInfo.InvariantCulture));

        return types;
    }

    private static string Row(ReadOnlySpan<byte> body)
    {
        List<string> values = [];
        for (ReadOnlySpan<byte> rest = body[2..]; !rest.IsEmpty;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(rest);
            values.Add(length < 0 ? "(null)" : Encoding.UTF8.GetString(rest.Slice(4, length)));
            rest = rest[(4 + Math.Max(0, length))..];
        }

        return string.Join('=', values);
    }
}
