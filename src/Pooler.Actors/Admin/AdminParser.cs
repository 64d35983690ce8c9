using System.Text.RegularExpressions;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin;

/// <summary>
/// The grammar of the console: one command per text, words of letters, digits and underscores or in double quotes, and
/// <c>SET key = value</c>, <c>PAUSE db TIMEOUT value</c>. Pure; knows no other command by name.
/// </summary>
internal static partial class AdminParser
{
    // Limits of what stands in the text, quotes included, in bytes.
    private const int MaxWord = 15;
    private const int MaxArgument = 63;
    private const int MaxValue = 255;

    private const string Space = "[ \t\r\n]";
    private const string Word = "(?:[0-9A-Za-z_]+|\"(?:[^\"]|\"\")*\")";
    private const string Text = "'(?:[^']|'')*'";

    // Where ";" may stand; nothing in here can match in two ways, so that a long text costs linear time.
    private const string End = Space + "*(?:;" + Space + @"*)?\z";

    /// <summary>Takes a text apart: a plain command, else SET with a string, else SET with a word.</summary>
    public static ParsedCommand Parse(string text)
    {
        Match match = PlainPattern().Match(text);
        if (match.Success)
        {
            Group argument = match.Groups["argument"];
            return Fits(match.Groups["word"], MaxWord) && Fits(argument, MaxArgument)
                ? new ParsedCommand(ParsedCommandKind.Command, Unquote(match.Groups["word"].Value), Unquote(argument.Value))
                : new ParsedCommand(ParsedCommandKind.BadArguments);
        }

        match = BoundedPausePattern().Match(text);
        if (match.Success)
        {
            return Fits(match.Groups["argument"], MaxArgument) && Fits(match.Groups["value"], MaxArgument)
                ? new ParsedCommand(
                    ParsedCommandKind.Command, "PAUSE", Unquote(match.Groups["argument"].Value), Unquote(match.Groups["value"].Value))
                : new ParsedCommand(ParsedCommandKind.BadArguments);
        }

        match = SetPattern().Match(text);
        if (match.Success)
        {
            return Fits(match.Groups["key"], MaxArgument) && Fits(match.Groups["value"], MaxValue)
                ? new ParsedCommand(ParsedCommandKind.Set, "SET", Unquote(match.Groups["key"].Value), Unquote(match.Groups["value"].Value))
                : new ParsedCommand(ParsedCommandKind.BadArguments);
        }

        return new ParsedCommand(ParsedCommandKind.Invalid);
    }

    private static bool Fits(Group group, int limit) => WireText.ByteCount(group.Value) <= limit;

    private static string Unquote(string text)
    {
        if (text.Length < 2)
            return text;

        return text[0] switch
        {
            '"' => text[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal),
            '\'' => text[1..^1].Replace("''", "'", StringComparison.Ordinal),
            _ => text,
        };
    }

    [GeneratedRegex(@"\A" + Space + "*(?<word>" + Word + ")(?:" + Space + "+(?<argument>" + Word + "))?" + End, RegexOptions.CultureInvariant)]
    private static partial Regex PlainPattern();

    // TIMEOUT counts as such only with a value behind it, so that a database of that name can be paused like any other.
    [GeneratedRegex(
        @"\A" + Space + "*[Pp][Aa][Uu][Ss][Ee](?:" + Space + "+(?<argument>" + Word + "))?" + Space + "+[Tt][Ii][Mm][Ee][Oo][Uu][Tt]"
        + Space + "+(?<value>" + Text + "|" + Word + ")" + End,
        RegexOptions.CultureInvariant)]
    private static partial Regex BoundedPausePattern();

    // Spaces around the sign may be left out, so that in "SET aTO1" the key is "a": the longest key that leaves a sign.
    [GeneratedRegex(
        @"\A" + Space + "*[Ss][Ee][Tt]" + Space + "+(?<key>" + Word + ")" + Space + "*(?:=|[Tt][Oo])"
        + Space + "*(?<value>" + Text + "|" + Word + ")" + End,
        RegexOptions.CultureInvariant)]
    private static partial Regex SetPattern();
}
