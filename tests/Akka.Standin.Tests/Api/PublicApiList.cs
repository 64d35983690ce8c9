using System.Reflection;
using System.Text.RegularExpressions;

namespace Akka.Standin.Tests.Api;

/// <summary>The public API that may be shown, one line per type and member. Attribute marks at the end of a line do not count.</summary>
internal sealed partial class PublicApiList
{
    private readonly HashSet<string> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PublicApiType> _types = new(StringComparer.Ordinal);

    private PublicApiList()
    {
    }

    internal static PublicApiList Load(params string[] names)
    {
        var list = new PublicApiList();
        foreach (var name in names)
        {
            using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Api.{name}")
                ?? throw new InvalidOperationException($"No resource Api.{name}");
            using var reader = new StreamReader(stream);
            while (reader.ReadLine() is { } line)
            {
                list.Add(WithoutMarks(line));
            }
        }

        return list;
    }

    internal bool HasMember(string line) => _members.Contains(WithoutMarks(line));

    /// <summary>Says what a type's line shows that the list does not; null when it shows the same or less.</summary>
    internal string? DifferenceOf(string line)
    {
        var shown = PublicApiType.Parse(WithoutMarks(line));
        if (!_types.TryGetValue(shown.Name, out var listed))
        {
            return "not listed:";
        }

        // A class that cannot be inherited allows less than one that can.
        if (shown.Kind != listed.Kind && shown.Kind.Replace("sealed ", "", StringComparison.Ordinal) != listed.Kind)
        {
            return $"listed as {listed.Kind}:";
        }

        var parents = new HashSet<string>(StringComparer.Ordinal);
        AddParents(listed, parents);
        var unknown = shown.Parents.Where(parent => !parents.Contains(Plain(parent))).ToList();
        return unknown.Count == 0 ? null : $"not listed with {string.Join(", ", unknown)}:";
    }

    private static string WithoutMarks(string line) => Marks().Replace(line, "");

    /// <summary>A type's name without its generic arguments.</summary>
    private static string Plain(string name) => name.Split('<')[0];

    [GeneratedRegex(@"( \[(Obsolete|InternalApi|InternalStableApi|ApiMayChange|DoNotInherit)\])+$")]
    private static partial Regex Marks();

    private void Add(string line)
    {
        if (line.StartsWith("T:", StringComparison.Ordinal))
        {
            var type = PublicApiType.Parse(line);
            _types[type.Name] = type;
        }
        else
        {
            _members.Add(line);
        }
    }

    private void AddParents(PublicApiType type, HashSet<string> parents)
    {
        foreach (var parent in type.Parents)
        {
            if (parents.Add(Plain(parent)))
            {
                foreach (var listed in _types.Values.Where(listed => Plain(listed.Name) == Plain(parent)))
                {
                    AddParents(listed, parents);
                }
            }
        }
    }
}
