using Pooler.Actors.Wire;

namespace Pooler.Actors.Relay.Prepared;

/// <summary>
/// Reads `DEALLOCATE name`, by which many drivers give up statements that they have prepared by protocol. Anything that is not exactly this is not meant:
/// it goes to the server as it is.
/// </summary>
internal static class Deallocation
{
    /// <summary>A message with such a command is not longer than this, bytes.</summary>
    public const int LongestMessage = 256;

    /// <summary>PostgreSQL cuts a longer name, bytes.</summary>
    public const int LongestName = 63;

    private static ReadOnlySpan<byte> Command => "DEALLOCATE"u8;

    /// <summary>True if a text begins as such a command does.</summary>
    public static bool Begins(ReadOnlySpan<byte> text) => text.Length > 0 && (text[0] | 0x20) == 'd' && SkipWord(text, Command).Length < text.Length;

    /// <summary>
    /// Reads the name into <paramref name="buffer"/> (at least <see cref="LongestName"/> bytes) as PostgreSQL understands it; <paramref name="text"/> is without its final zero.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> text, Span<byte> buffer, out ReadOnlySpan<byte> name)
    {
        name = default;
        var rest = SkipWord(text, Command);
        if (rest.Length == text.Length || SkipSpace(rest).Length == rest.Length)
        {
            return false;
        }

        rest = SkipSpace(rest);
        var behind = SkipWord(rest, "PREPARE"u8);
        if (behind.Length < rest.Length && SkipSpace(behind).Length < behind.Length)
        {
            rest = SkipSpace(behind);
        }

        var isQuoted = rest.Length > 0 && rest[0] == '"';
        rest = isQuoted ? rest[1..] : rest;
        var length = isQuoted ? rest.IndexOf((byte)'"') : LengthOfWord(rest);
        if (length is <= 0 or > LongestName)
        {
            return false;
        }

        for (var i = 0; i < length; i++)
        {
            buffer[i] = !isQuoted && rest[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(rest[i] | 0x20) : rest[i];
        }

        name = buffer[..length];
        rest = SkipSpace(rest[(isQuoted ? length + 1 : length)..]);
        rest = SkipSpace(rest.Length > 0 && rest[0] == ';' ? rest[1..] : rest);
        return rest.IsEmpty && (isQuoted || !name.SequenceEqual("all"u8));
    }

    /// <summary>Writes the command for a statement under its server name, as a text with its final zero.</summary>
    public static void Write(MessageWriter writer, PreparedStatement statement)
    {
        writer.AppendBytes("DEALLOCATE \""u8);
        writer.AppendBytes(statement.ServerName);
        writer.AppendCString("\""u8);
    }

    private static int LengthOfWord(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (length < text.Length && (char.IsAsciiLetter((char)text[length]) || text[length] is (byte)'_' or >= 0x80
            || (length > 0 && (char.IsAsciiDigit((char)text[length]) || text[length] == '$'))))
        {
            length++;
        }

        return length;
    }

    private static ReadOnlySpan<byte> SkipWord(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) =>
        text.Length >= word.Length && System.Text.Ascii.EqualsIgnoreCase(text[..word.Length], word) ? text[word.Length..] : text;

    private static ReadOnlySpan<byte> SkipSpace(ReadOnlySpan<byte> text) => text.TrimStart(" \t\r\n\f"u8);
}
