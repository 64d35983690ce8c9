namespace Pooler.Actors.Wire;

/// <summary>
/// Writes the value of a SET command (PostgreSQL, section 4.1.2.1 and 4.1.2.2). The value comes from a client or a server and may hold anything:
/// nothing in it ends the literal.
/// </summary>
internal static class SettingLiteral
{
    /// <summary>
    /// Appends a quoted string. With a backslash in it the escape form is used, which means the same whatever standard_conforming_strings is.
    /// </summary>
    public static void Append(MessageWriter writer, string value)
    {
        var escape = value.Contains('\\');
        if (escape)
        {
            writer.AppendByte((byte)'E');
        }

        writer.AppendByte((byte)'\'');
        writer.AppendText(escape ? value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)
            : value.Contains('\'') ? value.Replace("'", "''", StringComparison.Ordinal)
            : value);
        writer.AppendByte((byte)'\'');
    }

    /// <summary>
    /// Appends a list of names, each quoted by itself, since quoted as a whole they would be one name. What has no quotes yet gets them, in small letters as the
    /// server would read it: it may be a key word, of which some are no names in a SET and one means something else. An empty name (<c>""</c>, or an empty
    /// list) is written as <c>''</c>. What is no list of names, and could therefore be more than a value, is quoted as a whole after all.
    /// </summary>
    public static void AppendList(MessageWriter writer, string value)
    {
        if (!IsList(value))
        {
            Append(writer, value);
            return;
        }

        var copied = 0;
        var position = 0;
        while (TryReadName(value, ref position, out var start, out var end))
        {
            writer.AppendText(value[copied..start]);
            var name = value[start..end];
            if (name == "\"\"")
            {
                writer.AppendBytes("''"u8);
            }
            else if (name[0] == '"' || IsIdentifierBeyondAscii(name))
            {
                // Which small letters those are depends on the server's encoding; key words have none of them.
                writer.AppendText(name);
            }
            else
            {
                Append(writer, ToAsciiLower(name));
            }

            copied = end;
            if (position < value.Length)
            {
                position++;
            }
        }

        writer.AppendText(value[copied..]);
    }

    private static bool IsList(string value)
    {
        var position = 0;
        while (TryReadName(value, ref position, out _, out _))
        {
            if (position == value.Length)
            {
                return true;
            }

            // TryReadName stops at the end or behind a name at a comma or something that does not belong there.
            if (value[position++] != ',')
            {
                return false;
            }
        }

        return false;
    }

    // Reads one name and the blanks around it; false when there is none or its closing quote is missing.
    private static bool TryReadName(string value, ref int position, out int start, out int end)
    {
        start = SkipBlanks(value, position);
        end = start;
        if (start < value.Length && value[start] == '"')
        {
            end = EndOfQuotedName(value, start);
        }
        else
        {
            while (end < value.Length && value[end] is not (' ' or '\t' or '\n' or '\r' or '\v' or '\f' or ',' or '"'))
            {
                end++;
            }
        }

        if (end <= start)
        {
            return false;
        }

        position = SkipBlanks(value, end);
        return true;
    }

    private static bool IsIdentifierBeyondAscii(string name)
    {
        if (!char.IsAsciiLetter(name[0]) && name[0] is not ('_' or >= '\u0080'))
        {
            return false;
        }

        var isBeyond = false;
        foreach (var character in name)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('_' or '$' or >= '\u0080'))
            {
                return false;
            }

            isBeyond |= character >= '\u0080';
        }

        return isBeyond;
    }

    private static string ToAsciiLower(string name) =>
        string.Create(name.Length, name, (characters, from) =>
        {
            for (var i = 0; i < from.Length; i++)
            {
                characters[i] = char.IsAsciiLetterUpper(from[i]) ? (char)(from[i] | 0x20) : from[i];
            }
        });

    private static int SkipBlanks(string value, int position)
    {
        while (position < value.Length && value[position] is (' ' or '\t' or '\n' or '\r' or '\v' or '\f'))
        {
            position++;
        }

        return position;
    }

    // The index behind the closing quote, -1 without one; a doubled quote belongs to the name.
    private static int EndOfQuotedName(string value, int opening)
    {
        for (var i = opening + 1; i < value.Length; i++)
        {
            if (value[i] != '"')
            {
                continue;
            }

            if (i + 1 == value.Length || value[i + 1] != '"')
            {
                return i + 1;
            }

            i++;
        }

        return -1;
    }
}
