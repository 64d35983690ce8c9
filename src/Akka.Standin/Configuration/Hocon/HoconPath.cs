using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>Dotted paths with optional quotes around an element: <c>a."b.c".d</c> has three elements.</summary>
internal static class HoconPath
{
    internal static string[] Split(string path)
    {
        if (!path.Contains('"'))
        {
            return path.Split('.', StringSplitOptions.TrimEntries);
        }

        var elements = new List<string>();
        var element = new StringBuilder();
        var quoted = false;
        foreach (var c in path)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == '.' && !quoted)
            {
                elements.Add(element.ToString());
                element.Clear();
            }
            else
            {
                element.Append(c);
            }
        }

        elements.Add(element.ToString());
        return quoted ? throw new ConfigurationException($"The path '{path}' has an unclosed quote.") : [.. elements];
    }

    internal static string Join(IEnumerable<string> elements) => string.Join('.', elements.Select(HoconPrinter.Key));
}
