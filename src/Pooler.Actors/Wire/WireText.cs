using System.Text;
using System.Text.Unicode;

namespace Pooler.Actors.Wire;

/// <summary>
/// Converts between bytes of the wire and strings without loss. Names, parameters and passwords arrive in an unknown encoding: valid UTF-8 becomes
/// ordinary text, and each byte that is not part of valid UTF-8 becomes one lone low surrogate (U+DC80 to U+DCFF), which
/// <see cref="Encode(string)"/> turns back into the same byte.
/// </summary>
public static class WireText
{
    private const char EscapeBase = '\uDC00';

    /// <summary>The text of the bytes.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes) =>
        Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : DecodeInvalid(bytes);

    /// <summary>Bytes that <see cref="Encode(string, Span{byte})"/> writes.</summary>
    public static int ByteCount(string text)
    {
        var escaped = CountEscapes(text);

        // UTF-8 has three bytes (U+FFFD) for a lone surrogate, an escape stands for one.
        return checked(Encoding.UTF8.GetByteCount(text) - (2 * escaped));
    }

    /// <summary>The bytes of the text in a new array.</summary>
    public static byte[] Encode(string text)
    {
        var bytes = new byte[ByteCount(text)];
        Encode(text, bytes);
        return bytes;
    }

    /// <summary>Writes the bytes of the text; the destination has room for <see cref="ByteCount"/> bytes.</summary>
    public static int Encode(string text, Span<byte> destination)
    {
        if (CountEscapes(text) == 0)
        {
            return Encoding.UTF8.GetBytes(text, destination);
        }

        var written = 0;
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (!IsEscape(text, i))
            {
                continue;
            }

            written += Encoding.UTF8.GetBytes(text.AsSpan(start, i - start), destination[written..]);
            destination[written++] = (byte)(text[i] - EscapeBase);
            start = i + 1;
        }

        return written + Encoding.UTF8.GetBytes(text.AsSpan(start), destination[written..]);
    }

    /// <summary>The text cut to at most <paramref name="maxBytes"/> bytes, never inside a character.</summary>
    public static string Truncate(string text, int maxBytes)
    {
        if (ByteCount(text) <= maxBytes)
        {
            return text;
        }

        var bytes = Encode(text);
        var end = maxBytes;
        while (end > 0 && (bytes[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return Decode(bytes.AsSpan(0, end));
    }

    private static string DecodeInvalid(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var consumed) == System.Buffers.OperationStatus.Done)
            {
                text.Append(rune.ToString());
                bytes = bytes[consumed..];
            }
            else
            {
                text.Append((char)(EscapeBase + bytes[0]));
                bytes = bytes[1..];
            }
        }

        return text.ToString();
    }

    private static int CountEscapes(string text)
    {
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (IsEscape(text, i))
            {
                count++;
            }
        }

        return count;
    }

    private static bool IsEscape(string text, int index) =>
        text[index] is >= '\uDC80' and <= '\uDCFF' && (index == 0 || !char.IsHighSurrogate(text[index - 1]));
}
