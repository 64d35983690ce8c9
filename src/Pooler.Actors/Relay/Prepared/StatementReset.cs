namespace Pooler.Actors.Relay.Prepared;

/// <summary>Says of a query whether it may make the server forget its statements, before the server says whether it has.</summary>
internal static class StatementReset
{
    // Such a command stands at the beginning, whatever stands around it.
    private const int LookedAt = 256;

    /// <summary>True if the text has one of the words in it; a wrong guess costs no more than a Parse.</summary>
    public static bool IsLikely(ReadOnlySpan<byte> message, bool isWhole)
    {
        if (!isWhole && message.Length < LookedAt)
        {
            return true;
        }

        var text = message[..Math.Min(message.Length, LookedAt)];
        while (text.IndexOfAny((byte)'D', (byte)'d') is >= 0 and var start)
        {
            text = text[start..];
            if (Begins(text, "DISCARD"u8) || Begins(text, "DEALLOCATE"u8))
            {
                return true;
            }

            text = text[1..];
        }

        return false;
    }

    /// <summary>The same of the text of a prepared statement, which is a single command: a word further back belongs to something else.</summary>
    public static bool IsLikely(ReadOnlySpan<byte> definition)
    {
        var text = definition.TrimStart(" \t\n\r\f\v"u8);
        return Begins(text, "DISCARD"u8) || Begins(text, "DEALLOCATE"u8)
            || ((text.StartsWith("/*"u8) || text.StartsWith("--"u8)) && IsLikely(text, isWhole: true));
    }

    private static bool Begins(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) =>
        text.Length >= word.Length && System.Text.Ascii.EqualsIgnoreCase(text[..word.Length], word);
}
