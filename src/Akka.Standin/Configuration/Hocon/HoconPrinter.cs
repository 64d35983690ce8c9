using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>Writes values as HOCON that reads back as the same value.</summary>
internal static class HoconPrinter
{
    private const int IndentWidth = 2;

    internal static string Print(HoconValue value, int indent)
    {
        var output = new StringBuilder();
        if (value.Content is HoconObject root)
        {
            WriteFields(output, root, indent);
        }
        else
        {
            WriteValue(output, value, indent);
        }

        return output.ToString().TrimEnd('\n');
    }

    internal static string Print(HoconObject value, int indent)
    {
        var output = new StringBuilder();
        WriteFields(output, value, indent);
        return output.ToString().TrimEnd('\n');
    }

    /// <summary>A key as it may stand in a document, quoted where it must be.</summary>
    internal static string Key(string key) => key.Length > 0 && key.All(IsPlainKeyCharacter) ? key : Quote(key);

    /// <summary>A text as it may stand in a document, quoted where it must be.</summary>
    internal static string Text(string text) => IsPlainText(text) ? text : Quote(text);

    private static string Quote(string text)
    {
        var output = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => output.Append("\\\""),
                '\\' => output.Append(@"\\"),
                '\n' => output.Append("\\n"),
                '\r' => output.Append("\\r"),
                '\t' => output.Append("\\t"),
                < ' ' => output.Append("\\u").Append(((int)c).ToString("x4")),
                _ => output.Append(c),
            };
        }

        return output.Append('"').ToString();
    }

    private static bool IsPlainKeyCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '/';

    private static bool IsPlainTextCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/';

    private static bool IsPlainText(string text) =>
        text.Length > 0 && text.All(IsPlainTextCharacter) && !text.Contains("//", StringComparison.Ordinal) && text != "null";

    private static void WriteFields(StringBuilder output, HoconObject value, int indent)
    {
        foreach (var (key, field) in value.Items)
        {
            output.Append(' ', indent * IndentWidth).Append(Key(key)).Append(field.Content is HoconObject ? " " : " = ");
            WriteValue(output, field, indent);
            output.Append('\n');
        }
    }

    private static void WriteValue(StringBuilder output, HoconValue value, int indent)
    {
        switch (value.Content)
        {
            case null:
                output.Append("null");
                break;
            case string text:
                output.Append(Text(text));
                break;
            case HoconObject fields when fields.Items.Count == 0:
                output.Append("{}");
                break;
            case HoconObject fields:
                output.Append("{\n");
                WriteFields(output, fields, indent + 1);
                output.Append(' ', indent * IndentWidth).Append('}');
                break;
            case HoconValue[] items:
                output.Append('[');
                for (var i = 0; i < items.Length; i++)
                {
                    output.Append(i > 0 ? ", " : "");
                    WriteValue(output, items[i], indent);
                }

                output.Append(']');
                break;
        }
    }
}
