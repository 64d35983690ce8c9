namespace Pooler.Actors.Configuration;

/// <summary>Quoted text in which a doubled quote stands for one. Pure.</summary>
internal static class Quoted
{
    /// <summary>Takes the quoted text at the start of <paramref name="text"/>; false if its closing quote is missing.</summary>
    public static bool TryTake(ref ReadOnlySpan<char> text, char quote, out string value)
    {
        value = "";
        bool doubled = false;
        for (int i = 1; i < text.Length; i++)
        {
            if (text[i] != quote)
                continue;

            if (i + 1 < text.Length && text[i + 1] == quote)
            {
                doubled = true;
                i++;
                continue;
            }

            value = text[1..i].ToString();
            if (doubled)
                value = value.Replace(new string(quote, 2), quote.ToString(), StringComparison.Ordinal);
            text = text[(i + 1)..];
            return true;
        }

        return false;
    }
}
