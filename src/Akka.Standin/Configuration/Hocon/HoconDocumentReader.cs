namespace Akka.Configuration.Hocon;

/// <summary>Reads a document into nodes by recursive descent. One use, one thread.</summary>
internal sealed class HoconDocumentReader(string text, Func<string, HoconRoot?>? includeCallback)
{
    /// <summary>Nesting deeper than this is refused, so that a hostile text cannot exhaust the stack.</summary>
    private const int MaximumDepth = 200;

    private readonly HoconText _text = new(text);
    private int _depth;

    internal HoconObjectNode Read()
    {
        _text.SkipLines();
        var root = new HoconObjectNode(_text.Position, "");
        if (_text.Peek() == '[')
        {
            throw _text.Position.Error("The outermost value must be an object, not a list");
        }

        var braces = _text.TrySkip("{");
        ReadFields(root, braces);
        _text.SkipLines();
        return _text.AtEnd ? root : throw _text.Position.Error($"Nothing may follow the document, but {_text.Describe()} does");
    }

    /// <summary>Reads fields up to the closing brace, which is taken, or up to the end of the document.</summary>
    private void ReadFields(HoconObjectNode target, bool untilBrace)
    {
        var start = _text.Position;
        while (true)
        {
            _text.SkipLines();
            if (_text.AtEnd)
            {
                if (untilBrace)
                {
                    throw start.Error("A '{' is not closed");
                }

                return;
            }

            if (_text.Peek() == '}')
            {
                if (!untilBrace)
                {
                    throw _text.Position.Error("A '}' has no '{'");
                }

                _text.Skip(1);
                return;
            }

            if (!TryReadInclude(target))
            {
                ReadField(target);
            }

            EndElement('}');
        }
    }

    /// <summary>What follows a field or an element: a comma, a line end, or the closing mark, which is left standing.</summary>
    private void EndElement(char close)
    {
        var newLine = _text.SkipLines();
        if (_text.TrySkip(",") || newLine || _text.AtEnd || _text.Peek() == close)
        {
            return;
        }

        throw _text.Position.Error($"A comma or the end of the line is expected, not {_text.Describe()}");
    }

    private void ReadField(HoconObjectNode target)
    {
        var position = _text.Position;
        var path = ReadKey();
        Enter(path.Count, position);
        ReadFieldValue(target, path, position);
        _depth -= path.Count;
    }

    private void ReadFieldValue(HoconObjectNode target, List<string> path, HoconPosition position)
    {
        var owner = target;
        for (var i = 0; i < path.Count - 1; i++)
        {
            owner = owner.Child(path[i], position);
        }

        var key = path[^1];
        _text.SkipLines();
        if (_text.Peek() == '{')
        {
            owner.Assign(key, ReadValue(owner.PathOf(key)));
            return;
        }

        if (_text.TrySkip("+="))
        {
            _text.SkipLines();
            var array = new HoconArrayNode(_text.Position);
            array.Items.Add(ReadValue(owner.PathOf(key)));
            owner.Assign(key, new HoconConcatenationNode([new HoconSubstitutionNode(owner.PathOf(key), true, position), array]));
            return;
        }

        if (!_text.TrySkip("=") && !_text.TrySkip(":"))
        {
            throw _text.Position.Error($"The key '{owner.PathOf(key)}' must be followed by '=', ':', '+=' or '{{', not by {_text.Describe()}");
        }

        _text.SkipLines();
        owner.Assign(key, ReadValue(owner.PathOf(key)));
    }

    /// <summary>A dotted key; quotes keep dots and reserved characters in an element.</summary>
    private List<string> ReadKey()
    {
        var path = new List<string>();
        while (true)
        {
            var position = _text.Position;
            var element = _text.Peek() == '"' ? _text.Quoted() : ReadUnquotedKey();
            if (element is null)
            {
                throw position.Error($"A key is expected, not {_text.Describe()}");
            }

            path.Add(element);
            if (!_text.TrySkip("."))
            {
                return path;
            }
        }
    }

    /// <summary>One unquoted element; single spaces may stand inside it.</summary>
    private string? ReadUnquotedKey()
    {
        var element = _text.Unquoted(isKey: true);
        while (element.Length > 0)
        {
            var space = _text.SkipSpace();
            var more = space.Length == 0 ? "" : _text.Unquoted(isKey: true);
            if (more.Length == 0)
            {
                return element;
            }

            element += space + more;
        }

        return null;
    }

    private bool TryReadInclude(HoconObjectNode target)
    {
        var position = _text.Position;
        if (!TryReadIncludeName(out var name, out var required))
        {
            return false;
        }

        if (includeCallback is null)
        {
            throw position.Error($"The text includes \"{name}\", but it was parsed without an include callback");
        }

        var included = includeCallback(name);
        if (included is null)
        {
            return required ? throw position.Error($"The required include \"{name}\" was not found") : true;
        }

        if (included.Value.Content is not HoconObject content)
        {
            throw position.Error($"The include \"{name}\" is not an object");
        }

        target.Include(content);
        return true;
    }

    /// <summary>Takes <c>include "name"</c>, <c>include file("name")</c> and <c>include required(…)</c>; anything else is a key.</summary>
    private bool TryReadIncludeName(out string name, out bool required)
    {
        name = "";
        required = false;
        if (!_text.StartsWith("include"))
        {
            return false;
        }

        var ahead = "include".Length;
        while (_text.Peek(ahead) is ' ' or '\t')
        {
            ahead++;
        }

        if (_text.Peek(ahead) != '"' && (ahead == "include".Length || (!Follows("file(", ahead) && !Follows("required(", ahead))))
        {
            return false;
        }

        _text.Skip(ahead);
        required = _text.TrySkip("required(");
        _text.SkipSpace();
        var file = _text.TrySkip("file(");
        _text.SkipSpace();
        var position = _text.Position;
        name = _text.Peek() == '"' ? _text.Quoted() : throw position.Error($"A quoted name is expected, not {_text.Describe()}");
        for (var open = (required ? 1 : 0) + (file ? 1 : 0); open > 0; open--)
        {
            _text.SkipSpace();
            if (!_text.TrySkip(")"))
            {
                throw _text.Position.Error($"A ')' is expected, not {_text.Describe()}");
            }
        }

        return true;
    }

    private bool Follows(string expected, int ahead)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            if (_text.Peek(ahead + i) != expected[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads one value: everything up to the end of the line, a comma or a closing mark.</summary>
    private HoconNode ReadValue(string path)
    {
        Enter(1, _text.Position);
        var parts = new List<HoconNode>();
        while (true)
        {
            var position = _text.Position;
            var space = _text.SkipSpace();
            if (_text.AtEnd || _text.Peek() is '\n' or ',' or '}' or ']')
            {
                break;
            }

            if (space.Length > 0 && parts.Count > 0)
            {
                parts.Add(new HoconValueNode(new HoconValue(space, position), isSpace: true));
            }

            parts.Add(ReadPart(path));
        }

        _depth--;
        return parts.Count switch
        {
            0 => throw _text.Position.Error($"A value is expected, not {_text.Describe()}"),
            1 => parts[0],
            _ => new HoconConcatenationNode(parts),
        };
    }

    private void Enter(int levels, HoconPosition position)
    {
        _depth += levels;
        if (_depth > MaximumDepth)
        {
            throw position.Error($"Values are nested deeper than {MaximumDepth} levels");
        }
    }

    private HoconNode ReadPart(string path)
    {
        var position = _text.Position;
        switch (_text.Peek())
        {
            case '{':
                _text.Skip(1);
                var fields = new HoconObjectNode(position, path);
                ReadFields(fields, untilBrace: true);
                return fields;
            case '[':
                return ReadArray(path);
            case '"':
                return new HoconValueNode(new HoconValue(_text.Quoted(), position));
            case '$':
                return ReadSubstitution();
        }

        var unquoted = _text.Unquoted(isKey: false);
        if (unquoted.Length == 0)
        {
            throw position.Error($"Text with {_text.Describe()} in it must be quoted");
        }

        return new HoconValueNode(new HoconValue(unquoted == "null" ? null : unquoted, position));
    }

    private HoconArrayNode ReadArray(string path)
    {
        var array = new HoconArrayNode(_text.Position);
        _text.Skip(1);
        while (true)
        {
            _text.SkipLines();
            if (_text.AtEnd)
            {
                throw array.Position.Error("A '[' is not closed");
            }

            if (_text.TrySkip("]"))
            {
                return array;
            }

            array.Items.Add(ReadValue(path));
            EndElement(']');
        }
    }

    private HoconSubstitutionNode ReadSubstitution()
    {
        var position = _text.Position;
        if (!_text.TrySkip("${"))
        {
            throw position.Error("A '$' must be quoted or begin a substitution such as ${a.b}");
        }

        var optional = _text.TrySkip("?");
        _text.SkipSpace();
        var path = HoconPath.Join(ReadKey());
        _text.SkipSpace();
        return _text.TrySkip("}")
            ? new HoconSubstitutionNode(path, optional, position)
            : throw position.Error("A substitution is not closed with '}'");
    }
}
