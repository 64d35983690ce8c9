namespace Akka.Standin.Tests.Api;

/// <summary>A type's line of the listing, taken apart.</summary>
/// <param name="Name">With generic parameters and their variance.</param>
/// <param name="Kind">Access, modifiers and kind, with a delegate's signature, an enum's underlying type and the constraints.</param>
/// <param name="Parents">The base class and the interfaces.</param>
internal sealed record PublicApiType(string Name, string Kind, IReadOnlyList<string> Parents)
{
    private const string Separator = " : ";
    private const string Base = "base ";
    private const string Implements = "implements ";

    internal static PublicApiType Parse(string line)
    {
        var colon = line.IndexOf(Separator, StringComparison.Ordinal);
        var rest = line[(colon + Separator.Length)..];
        var where = rest.IndexOf(" where ", StringComparison.Ordinal);
        var constraints = where < 0 ? "" : rest[where..];
        var parts = (where < 0 ? rest : rest[..where]).Split("; ");
        var parents = new List<string>();
        foreach (var part in parts[1..])
        {
            if (part.StartsWith(Base, StringComparison.Ordinal))
            {
                parents.Add(part[Base.Length..]);
            }
            else if (part.StartsWith(Implements, StringComparison.Ordinal))
            {
                AddNames(parents, part[Implements.Length..]);
            }
        }

        return new PublicApiType(line["T:".Length..colon], parts[0] + constraints, parents);
    }

    /// <summary>Splits at the commas that are outside angle brackets.</summary>
    private static void AddNames(List<string> names, string list)
    {
        var depth = 0;
        var start = 0;
        for (var i = 0; i < list.Length; i++)
        {
            depth += list[i] switch { '<' => 1, '>' => -1, _ => 0 };
            if (list[i] == ',' && depth == 0)
            {
                names.Add(list[start..i]);
                start = i + 2;
            }
        }

        names.Add(list[start..]);
    }
}
