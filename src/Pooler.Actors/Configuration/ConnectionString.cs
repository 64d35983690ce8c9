namespace Pooler.Actors.Configuration;

/// <summary>
/// The value of a line in [databases], [users] or [peers]: key=value pairs between spaces, values in single quotes where they have
/// spaces, with '' for a quote. Pure.
/// </summary>
internal static class ConnectionString
{
    /// <summary>The pairs in their order; false if the text breaks the grammar. No value is empty.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, List<KeyValuePair<string, string>> pairs)
    {
        while (true)
        {
            text = text.TrimStart(' ');
            if (text.IsEmpty)
                return true;

            int end = text.IndexOfAny('=', ' ');
            if (end <= 0)
                return false;

            string key = text[..end].ToString();
            text = text[end..].TrimStart(' ');
            if (text.IsEmpty || text[0] != '=')
                return false;

            text = text[1..].TrimStart(' ');
            if (!TryTakeValue(ref text, out string value) || value.Length == 0)
                return false;

            pairs.Add(new KeyValuePair<string, string>(key, value));
        }
    }

    private static bool TryTakeValue(ref ReadOnlySpan<char> text, out string value)
    {
        value = "";
        if (text.IsEmpty)
            return false;

        if (text[0] != '\'')
        {
            int end = text.IndexOf(' ');
            value = (end < 0 ? text : text[..end]).ToString();
            text = text[value.Length..];
            return true;
        }

        if (!Quoted.TryTake(ref text, '\'', out value))
            return false;

        return text.IsEmpty || text[0] == ' ';
    }
}
