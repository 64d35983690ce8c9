namespace Pooler.Actors.Configuration;

/// <summary>
/// Splits an ini file, and the files it includes, into statements in the order of reading. It knows the grammar only: not which
/// sections and keys exist. Reading stops at the first error. Not for several threads at once.
/// </summary>
internal sealed class IniParser
{
    private const int MaxIncludeDepth = 10;
    private const string IncludeWord = "%include";

    private readonly ISettingsFiles _files;
    private readonly List<IniEntry> _entries = [];
    private readonly List<string> _errors = [];
    private string? _section;

    private IniParser(ISettingsFiles files)
    {
        _files = files;
    }

    /// <summary>
    /// Reads <paramref name="path"/>. The entries before the first error are given in any case, so that a mistake in one of them can be
    /// reported before that error.
    /// </summary>
    public static (IReadOnlyList<IniEntry> Entries, IReadOnlyList<string> Errors) Parse(ISettingsFiles files, string path)
    {
        IniParser parser = new(files);
        parser.ParseFile(path, depth: 0, includedFrom: null);
        return (parser._entries, parser._errors);
    }

    private bool ParseFile(string path, int depth, IniLocation? includedFrom)
    {
        if (!_files.TryRead(path, out string? text, out string? error))
        {
            _errors.Add($"could not load file \"{path}\": {error}");
            new IniLocation(path, 0, includedFrom).AddIncludeErrors(_errors);
            return false;
        }

        ReadOnlySpan<char> rest = text;
        int line = 1;
        while (true)
        {
            line += SkipWhiteSpace(ref rest);
            if (rest.IsEmpty)
                return true;

            IniLocation location = new(path, line, includedFrom);
            if (rest[0] is '#' or ';')
                TakeLine(ref rest);
            else if (rest[0] == '[')
            {
                if (!TrySection(ref rest, location))
                    return false;
            }
            else if (rest.StartsWith(IncludeWord) && rest.Length > IncludeWord.Length && rest[IncludeWord.Length] is ' ' or '\t')
            {
                if (!TryInclude(TakeLine(ref rest)[IncludeWord.Length..].Trim().ToString(), depth, location))
                    return false;
            }
            else if (!TryKeyAndValue(TakeLine(ref rest), location))
                return false;
        }
    }

    private bool TrySection(ref ReadOnlySpan<char> rest, IniLocation location)
    {
        int end = rest.IndexOfAny(']', '\n');
        if (end < 0 || rest[end] != ']')
            return SyntaxError(location);

        // Another statement may follow in the same line.
        _section = rest[1..end].ToString();
        rest = rest[(end + 1)..];
        _entries.Add(new IniEntry(location, _section, null, ""));
        return true;
    }

    private bool TryInclude(string path, int depth, IniLocation location)
    {
        if (depth >= MaxIncludeDepth)
        {
            _errors.Add($"include nesting level too deep ({location}), stopping loading");
            location.AddIncludeErrors(_errors);
            return false;
        }

        return ParseFile(path, depth + 1, location);
    }

    private bool TryKeyAndValue(ReadOnlySpan<char> line, IniLocation location)
    {
        ReadOnlySpan<char> key;
        ReadOnlySpan<char> rest;
        if (line[0] == '\'')
        {
            int end = line[1..].IndexOf('\'');
            if (end < 0)
                return SyntaxError(location);

            key = line.Slice(1, end);
            rest = line[(end + 2)..];
        }
        else
        {
            int end = 0;
            while (end < line.Length && IsKeyCharacter(line[end]))
                end++;
            key = line[..end];
            rest = line[end..];
        }

        rest = rest.TrimStart(" \t");
        if (key.IsEmpty || rest.IsEmpty || rest[0] != '=')
            return SyntaxError(location);

        _entries.Add(new IniEntry(location, _section, key.ToString(), Trim(rest[1..]).ToString()));
        return true;
    }

    private bool SyntaxError(IniLocation location)
    {
        _errors.Add($"syntax error in configuration ({location}), stopping loading");
        location.AddIncludeErrors(_errors);
        return false;
    }

    private static bool IsKeyCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' or '*';

    private static bool IsWhiteSpace(char c) => c is ' ' or '\t' or '\n' or '\v' or '\f' or '\r';

    private static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text) => text.Trim(" \t\n\v\f\r");

    /// <summary>Skips white space and returns how many lines ended in it.</summary>
    private static int SkipWhiteSpace(ref ReadOnlySpan<char> rest)
    {
        int lines = 0;
        int skipped = 0;
        while (skipped < rest.Length && IsWhiteSpace(rest[skipped]))
        {
            if (rest[skipped] == '\n')
                lines++;
            skipped++;
        }

        rest = rest[skipped..];
        return lines;
    }

    /// <summary>Takes what is left of this line, without its end, which the next white space counts.</summary>
    private static ReadOnlySpan<char> TakeLine(ref ReadOnlySpan<char> rest)
    {
        int end = rest.IndexOf('\n');
        ReadOnlySpan<char> line = end < 0 ? rest : rest[..end];
        rest = rest[line.Length..];
        return line;
    }
}
