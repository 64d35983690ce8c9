using System.Buffers.Binary;
using System.Text;

namespace Pooler.Actors.Tests.Admin;

/// <summary>Messages to a client in a form that is easy to compare: the type and, where it is text, the content.</summary>
internal static class Messages
{
    public static List<string> Read(ReadOnlySpan<byte> bytes)
    {
        List<string> messages = [];
        while (!bytes.IsEmpty)
        {
            int length = 1 + BinaryPrimitives.ReadInt32BigEndian(bytes[1..]);
            ReadOnlySpan<byte> body = bytes[5..length];
            char type = (char)bytes[0];
            string text = type is 'E' or 'N' ? Fields(body) : Encoding.UTF8.GetString(body).TrimEnd('\0').Replace('\0', '=');
            messages.Add(text.Length == 0 || type is 'T' or 'D' or 'K' ? type.ToString() : $"{type} {text}");
            bytes = bytes[length..];
        }

        return messages;
    }

    private static string Fields(ReadOnlySpan<byte> body) =>
        string.Join(' ', Encoding.UTF8.GetString(body).Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(field => field[1..]));
}
