using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>The characters of a document with their positions: whitespace, comments and the three forms of text.</summary>
internal sealed class HoconText(string text)
{
    /// <summary>Characters that end an unquoted text. A '*' does not, because paths with wildcards are keys of a deployment section.</summary>
    private const string Reserved = "$\"{}[]:=,#\\`^?!&";

    /// <summary>What <see cref="Peek"/> gives behind the last character.</summary>
    internal const char End = '\0';

    private int _offset = text.StartsWith('\uFEFF') ? 1 : 0;
    private int _line = 1;
    private int _lineStart = text.StartsWith('\uFEFF') ? 1 : 0;

    internal HoconPosition Position => new(_line, _offset - _lineStart + 1);

    internal bool AtEnd => _offset >= text.Length;

    internal char Peek(int ahead = 0) => _offset + ahead < text.Length ? text[_offset + ahead] : End;

    internal bool StartsWith(string expected) => string.CompareOrdinal(text, _offset, expected, 0, expected.Length) == 0;

    internal void Skip(int count)
    {
        for (; count > 0 && _offset < text.Length; count--)
        {
            if (text[_offset++] == '\n')
            {
                _line++;
                _lineStart = _offset;
            }
        }
    }

    internal bool TrySkip(string expected)
    {
        var found = StartsWith(expected);
        if (found)
        {
            Skip(expected.Length);
        }

        return found;
    }

    /// <summary>What stands here, for a message.</summary>
    internal string Describe() => AtEnd ? "the end of the text" : Peek() is '\n' or '\r' ? "the end of the line" : $"'{Peek()}'";

    /// <summary>Skips spaces, and comments up to the end of their line, but no line end; gives what was skipped of the spaces.</summary>
    internal string SkipSpace()
    {
        var start = _offset;
        while (!AtEnd && Peek() != '\n' && IsSpace(Peek()))
        {
            _offset++;
        }

        var space = text[start.._offset];
        if (IsComment())
        {
            while (!AtEnd && Peek() != '\n')
            {
                _offset++;
            }
        }

        return space;
    }

    /// <summary>Skips spaces, comments and line ends; true when a line end was among them.</summary>
    internal bool SkipLines()
    {
        var line = _line;
        SkipSpace();
        while (Peek() == '\n' && !AtEnd)
        {
            Skip(1);
            SkipSpace();
        }

        return _line != line;
    }

    /// <summary>Reads an unquoted text up to a reserved character, whitespace or a comment; empty when there is none.</summary>
    internal string Unquoted(bool isKey)
    {
        var start = _offset;
        while (!AtEnd && !IsSpace(Peek()) && !IsComment() && !IsReserved(Peek(), isKey))
        {
            _offset++;
        }

        return text[start.._offset];
    }

    /// <summary>Reads a text in quotes, single or triple.</summary>
    internal string Quoted()
    {
        var start = Position;
        if (TrySkip("\"\"\""))
        {
            return TripleQuoted(start);
        }

        Skip(1);
        var value = new StringBuilder();
        while (true)
        {
            if (AtEnd || Peek() == '\n')
            {
                throw start.Error("A quote is not closed on its line");
            }

            var c = Peek();
            if (c == '\\')
            {
                value.Append(Escaped());
                continue;
            }

            Skip(1);
            if (c == '"')
            {
                return value.ToString();
            }

            value.Append(c);
        }
    }

    private static bool IsSpace(char c) => char.IsWhiteSpace(c) || c == '\uFEFF';

    /// <summary>In a key a dot separates, and "+=" is an operator; in a value both belong to the text.</summary>
    private bool IsReserved(char c, bool isKey) => Reserved.Contains(c) || (isKey && (c == '.' || (c == '+' && Peek(1) == '=')));

    private bool IsComment() => Peek() == '#' || (Peek() == '/' && Peek(1) == '/');

    private string TripleQuoted(HoconPosition start)
    {
        var from = _offset;
        var end = text.IndexOf("\"\"\"", from, StringComparison.Ordinal);
        if (end < 0)
        {
            throw start.Error("A triple quote is not closed");
        }

        // Quotes that directly precede the closing three belong to the text.
        while (end + 3 < text.Length && text[end + 3] == '"')
        {
            end++;
        }

        Skip(end + 3 - from);
        return text[from..end];
    }

    private char Escaped()
    {
        var position = Position;
        var kind = Peek(1);
        Skip(2);
        switch (kind)
        {
            case '"' or '\\' or '/':
                return kind;
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u':
                var code = 0;
                for (var i = 0; i < 4; i++)
                {
                    if (!char.IsAsciiHexDigit(Peek()))
                    {
                        throw position.Error(@"\u needs four hexadecimal digits");
                    }

                    code = (code * 16) + Convert.ToInt32(Peek().ToString(), 16);
                    Skip(1);
                }

                return (char)code;
            default:
                throw position.Error($@"\{kind} is not an escape; write \\ for a backslash");
        }
    }
}
