namespace Akka.Actor;

/// <summary>Texts with * for any characters and ? for one.</summary>
internal static class WildcardText
{
    internal static bool Matches(ReadOnlySpan<char> text, ReadOnlySpan<char> pattern)
    {
        while (true)
        {
            if (pattern.IsEmpty)
            {
                return text.IsEmpty;
            }

            if (pattern[0] == '*')
            {
                for (int skip = 0; skip <= text.Length; skip++)
                {
                    if (Matches(text[skip..], pattern[1..]))
                    {
                        return true;
                    }
                }

                return false;
            }

            if (text.IsEmpty || (pattern[0] != '?' && pattern[0] != text[0]))
            {
                return false;
            }

            text = text[1..];
            pattern = pattern[1..];
        }
    }
}
