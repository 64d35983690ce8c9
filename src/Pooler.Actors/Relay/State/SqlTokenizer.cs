namespace Pooler.Actors.Relay.State;

/// <summary>
/// Cuts an SQL text into words, constants and signs as PostgreSQL does, past comments and white space. It takes any bytes and allocates nothing. A copy goes on
/// from the same place. Source: PostgreSQL documentation, section "Lexical Structure".
/// </summary>
/// <param name="text">The text; it need not be valid, nor whole.</param>
/// <param name="escapes">A backslash escapes in every string constant: standard_conforming_strings is off.</param>
internal ref struct SqlTokenizer(ReadOnlySpan<byte> text, bool escapes)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private readonly bool _escapes = escapes;
    private int _position;

    /// <summary>The next piece.</summary>
    public SqlToken Next()
    {
        SkipBlanks();
        var start = _position;
        if (start >= _text.Length)
        {
            return new SqlToken(SqlTokenKind.End, _text.Length, 0);
        }

        var first = _text[start];
        if (IsNameStart(first))
        {
            return TakeWord(start);
        }

        switch (first)
        {
            case (byte)'\'':
                return TakeQuoted(start, start, SqlTokenKind.Text, _escapes);
            case (byte)'"':
                return TakeQuoted(start, start, SqlTokenKind.QuotedName, escapes: false);
            case (byte)'$':
                return TakeDollar(start);
            case >= (byte)'0' and <= (byte)'9':
                while (_position < _text.Length && (IsNamePart(_text[_position]) || _text[_position] == '.'))
                {
                    _position++;
                }

                return Make(SqlTokenKind.Number, start);
            default:
                _position++;
                return Make(SqlTokenKind.Symbol, start);
        }
    }

    private SqlToken TakeWord(int start)
    {
        while (_position < _text.Length && IsNamePart(_text[_position]))
        {
            _position++;
        }

        var length = _position - start;
        if (length == 1 && _position < _text.Length && _text[_position] == '\'')
        {
            switch (_text[start] | 0x20)
            {
                case 'e':
                    return TakeQuoted(start, _position, SqlTokenKind.Text, escapes: true);
                case 'n':
                    return TakeQuoted(start, _position, SqlTokenKind.Text, _escapes);
                case 'b' or 'x':
                    return TakeQuoted(start, _position, SqlTokenKind.Text, escapes: false);
                default:
                    break;
            }
        }

        if (length == 1 && (_text[start] | 0x20) == 'u' && _position + 1 < _text.Length && _text[_position] == '&' && _text[_position + 1] is (byte)'\'' or (byte)'"')
        {
            var kind = _text[_position + 1] == '"' ? SqlTokenKind.QuotedName : SqlTokenKind.Text;
            return TakeQuoted(start, _position + 1, kind, escapes: false);
        }

        return Make(SqlTokenKind.Word, start);
    }

    private SqlToken TakeQuoted(int start, int opening, SqlTokenKind kind, bool escapes)
    {
        var quote = _text[opening];
        var position = opening + 1;
        while (true)
        {
            var rest = _text[position..];
            var next = escapes ? rest.IndexOfAny(quote, (byte)'\\') : rest.IndexOf(quote);
            if (next < 0)
            {
                return TakeEnd();
            }

            position += next + 1;
            if (_text[position - 1] != quote)
            {
                position = Math.Min(position + 1, _text.Length);
            }
            else if (position < _text.Length && _text[position] == quote)
            {
                position++;
            }
            else
            {
                _position = position;
                return Make(kind, start);
            }
        }
    }

    private SqlToken TakeDollar(int start)
    {
        var position = start + 1;
        if (position < _text.Length && char.IsAsciiDigit((char)_text[position]))
        {
            while (position < _text.Length && char.IsAsciiDigit((char)_text[position]))
            {
                position++;
            }

            _position = position;
            return Make(SqlTokenKind.Parameter, start);
        }

        while (position < _text.Length && _text[position] != '$' && IsNamePart(_text[position]))
        {
            position++;
        }

        if (position >= _text.Length || _text[position] != '$')
        {
            _position = start + 1;
            return Make(SqlTokenKind.Symbol, start);
        }

        var tag = _text[start..(position + 1)];
        var end = _text[(position + 1)..].IndexOf(tag);
        if (end < 0)
        {
            return TakeEnd();
        }

        _position = position + 1 + end + tag.Length;
        return Make(SqlTokenKind.Text, start);
    }

    private void SkipBlanks()
    {
        while (_position < _text.Length)
        {
            var here = _text[_position];
            if (here is (byte)' ' or (byte)'\n' or (byte)'\t' or (byte)'\r' or (byte)'\f' or (byte)'\v')
            {
                _position++;
            }
            else if (here == '-' && _position + 1 < _text.Length && _text[_position + 1] == '-')
            {
                var end = _text[_position..].IndexOfAny((byte)'\n', (byte)'\r');
                _position = end < 0 ? _text.Length : _position + end + 1;
            }
            else if (here == '/' && _position + 1 < _text.Length && _text[_position + 1] == '*')
            {
                SkipComment();
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>Such comments may stand in one another.</summary>
    private void SkipComment()
    {
        var depth = 0;
        do
        {
            var rest = _text[_position..];
            var sign = rest.IndexOfAny((byte)'/', (byte)'*');
            if (sign < 0 || sign + 1 >= rest.Length)
            {
                _position = _text.Length;
                return;
            }

            if (rest[sign] == '/' && rest[sign + 1] == '*')
            {
                depth++;
                sign++;
            }
            else if (rest[sign] == '*' && rest[sign + 1] == '/')
            {
                depth--;
                sign++;
            }

            _position += sign + 1;
        }
        while (depth > 0);
    }

    private SqlToken TakeEnd()
    {
        _position = _text.Length;
        return new SqlToken(SqlTokenKind.End, _text.Length, 0);
    }

    private readonly SqlToken Make(SqlTokenKind kind, int start) => new(kind, start, _position - start);

    private static bool IsNameStart(byte value) => (uint)((value | 0x20) - 'a') <= 'z' - 'a' || value is (byte)'_' or >= 0x80;

    private static bool IsNamePart(byte value) => IsNameStart(value) || value is >= (byte)'0' and <= (byte)'9' or (byte)'$';
}
