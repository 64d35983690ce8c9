namespace Pooler.Actors.Admin.Query;

/// <summary>LIKE: % is any text, _ any character, a backslash takes the next character as it is.</summary>
internal static class LikePattern
{
    public static bool Matches(string text, string pattern, bool ignoresCase)
    {
        int position = 0;
        int wanted = 0;
        int retryText = -1;
        int retryPattern = -1;
        while (position < text.Length)
        {
            if (wanted < pattern.Length && pattern[wanted] == '%')
            {
                // Tried with nothing first; what follows may give one character back to it at a time. Only the last one ever has to grow.
                retryPattern = ++wanted;
                retryText = position;
            }
            else if (wanted < pattern.Length && MatchesOne(text[position], pattern, wanted, ignoresCase, out int length))
            {
                wanted += length;
                position++;
            }
            else if (retryPattern >= 0)
            {
                wanted = retryPattern;
                position = ++retryText;
            }
            else
            {
                return false;
            }
        }

        while (wanted < pattern.Length && pattern[wanted] == '%')
            wanted++;

        return wanted == pattern.Length;
    }

    private static bool MatchesOne(char value, string pattern, int wanted, bool ignoresCase, out int length)
    {
        char expected = pattern[wanted];
        length = 1;
        if (expected == '_')
            return true;
        if (expected == '\\' && wanted + 1 < pattern.Length)
        {
            expected = pattern[wanted + 1];
            length = 2;
        }

        return value == expected || (ignoresCase && char.ToUpperInvariant(value) == char.ToUpperInvariant(expected));
    }
}
