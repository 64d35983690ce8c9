namespace Pooler.Actors.Configuration;

/// <summary>Lists of names inside one setting (admin_users, ignore_startup_parameters and others): separated by commas and white space. Pure.</summary>
public static class NameList
{
    private const string Separators = ", \t\r\n\v\f";

    /// <summary>True if <paramref name="name"/> is one of the names in <paramref name="list"/>. Does not allocate.</summary>
    public static bool Contains(string list, ReadOnlySpan<char> name, StringComparison comparison = StringComparison.Ordinal)
    {
        if (name.IsEmpty)
            return false;

        ReadOnlySpan<char> rest = list;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOfAny(Separators);
            ReadOnlySpan<char> item = end < 0 ? rest : rest[..end];
            if (item.Equals(name, comparison))
                return true;

            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        return false;
    }

    /// <summary>The names in <paramref name="list"/>, in their order.</summary>
    public static IReadOnlyList<string> Split(string list) =>
        list.Split(Separators.ToCharArray(), StringSplitOptions.RemoveEmptyEntries);
}
