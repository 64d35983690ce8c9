using System.Text;

namespace Pooler.Actors.Admin.Query;

/// <summary>Cuts SQL text into tokens, by PostgreSQL's rules for names, texts and comments. Pure; takes time in proportion to the text.</summary>
internal static class QueryLexer
{
    /// <summary>A text with more tokens is not understood, so that the work per row is bounded.</summary>
    public const int MaxTokens = 4000;

    private static readonly string[] TwoCharacterSymbols = ["<>", "!=", "<=", ">=", "::", "||"];

    /// <summary>Reads all tokens without comments; false when something in the text is no token, or there are too many.</summary>
    public static bool TryRead(string text, out List<QueryToken> tokens)
    {
        tokens = [];
        int position = 0;
        while (SkipSpace(text, ref position))
        {
            if (position == text.Length)
                return true;
            if (tokens.Count == MaxTokens || !TryReadOne(text, ref position, out QueryToken token))
                return false;

            tokens.Add(token);
        }

        return false;
    }

    // False for a comment without an end.
    private static bool SkipSpace(string text, ref int position)
    {
        while (position < text.Length)
        {
            if (text[position] is ' ' or '\t' or '\r' or '\n' or '\f')
            {
                position++;
            }
            else if (StartsWith(text, position, "--"))
            {
                int end = text.AsSpan(position).IndexOfAny('\r', '\n');
                position = end < 0 ? text.Length : position + end;
            }
            else if (StartsWith(text, position, "/*"))
            {
                if (!SkipComment(text, ref position))
                    return false;
            }
            else
            {
                break;
            }
        }

        return true;
    }

    // Such comments nest.
    private static bool SkipComment(string text, ref int position)
    {
        int depth = 0;
        while (position < text.Length)
        {
            if (StartsWith(text, position, "/*"))
            {
                depth++;
                position += 2;
            }
            else if (StartsWith(text, position, "*/"))
            {
                depth--;
                position += 2;
                if (depth == 0)
                    return true;
            }
            else
            {
                position++;
            }
        }

        return false;
    }

    private static bool TryReadOne(string text, ref int position, out QueryToken token)
    {
        char first = text[position];
        int start = position;
        if (first is 'E' or 'e' && StartsWith(text, position + 1, "'"))
        {
            position++;
            return TryReadQuoted(text, ref position, '\'', hasEscapes: true, QueryTokenKind.Text, out token);
        }

        if (IsNameStart(first))
        {
            while (position < text.Length && (IsNameStart(text[position]) || char.IsAsciiDigit(text[position]) || text[position] == '$'))
                position++;
            token = new QueryToken(QueryTokenKind.Word, Fold(text.AsSpan(start, position - start)));
            return true;
        }

        switch (first)
        {
            case '\'':
                return TryReadQuoted(text, ref position, '\'', hasEscapes: false, QueryTokenKind.Text, out token);
            case '"':
                return TryReadQuoted(text, ref position, '"', hasEscapes: false, QueryTokenKind.QuotedName, out token) && token.Text.Length > 0;
            case '$':
                position++;
                SkipDigits(text, ref position);
                token = new QueryToken(QueryTokenKind.Parameter, text[(start + 1)..position]);
                return token.Text.Length > 0 && !IsJoined(text, position);
            case '.' when !(position + 1 < text.Length && char.IsAsciiDigit(text[position + 1])):
                break;
            case '.' or (>= '0' and <= '9'):
                SkipDigits(text, ref position);
                if (StartsWith(text, position, "."))
                {
                    position++;
                    SkipDigits(text, ref position);
                }

                token = new QueryToken(QueryTokenKind.Number, text[start..position]);
                return !IsJoined(text, position);
        }

        foreach (string symbol in TwoCharacterSymbols)
        {
            if (StartsWith(text, position, symbol))
            {
                position += 2;
                token = new QueryToken(QueryTokenKind.Symbol, symbol == "!=" ? "<>" : symbol);
                return true;
            }
        }

        position++;
        token = new QueryToken(QueryTokenKind.Symbol, first.ToString());
        return "=<>()*,.;-+[]:".Contains(first, StringComparison.Ordinal);
    }

    // A doubled quote stands for itself; with escapes, a backslash takes the next character as it is or as a control character.
    private static bool TryReadQuoted(string text, ref int position, char quote, bool hasEscapes, QueryTokenKind kind, out QueryToken token)
    {
        token = default;
        var value = new StringBuilder();
        position++;
        while (position < text.Length)
        {
            char current = text[position++];
            if (current == quote)
            {
                if (position == text.Length || text[position] != quote)
                {
                    token = new QueryToken(kind, value.ToString());
                    return true;
                }

                position++;
            }
            else if (hasEscapes && current == '\\')
            {
                if (position == text.Length || !TryUnescape(text[position++], out current))
                    return false;
            }

            value.Append(current);
        }

        return false;
    }

    private static bool TryUnescape(char letter, out char value)
    {
        value = letter switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', 'f' => '\f', _ => letter };
        return !char.IsAsciiLetterOrDigit(letter) || value != letter;
    }

    private static void SkipDigits(string text, ref int position)
    {
        while (position < text.Length && char.IsAsciiDigit(text[position]))
            position++;
    }

    private static bool IsNameStart(char value) => char.IsAsciiLetter(value) || value == '_' || value >= '\u0080';

    // "1a" and "$1a" are neither a number nor a parameter.
    private static bool IsJoined(string text, int position) => position < text.Length && IsNameStart(text[position]);

    private static string Fold(ReadOnlySpan<char> word)
    {
        Span<char> folded = word.Length <= 128 ? stackalloc char[word.Length] : new char[word.Length];
        for (int i = 0; i < word.Length; i++)
            folded[i] = char.IsAsciiLetterUpper(word[i]) ? (char)(word[i] | 0x20) : word[i];

        return new string(folded);
    }

    private static bool StartsWith(string text, int position, string start) =>
        position <= text.Length && text.AsSpan(position).StartsWith(start, StringComparison.Ordinal);
}
