namespace Pooler.Actors.Admin.Show;

/// <summary>The SHOWs that drivers send after connecting; the answers never change.</summary>
internal static class ShowConstant
{
    private static readonly Dictionary<string, string> Values = new(StringComparer.OrdinalIgnoreCase)
    {
        ["client_encoding"] = "UTF-8",
        ["default_transaction_isolation"] = "read committed",
        ["standard_conforming_strings"] = "on",
        ["datestyle"] = "ISO",
        ["timezone"] = "GMT",
    };

    /// <summary>The names that have a constant.</summary>
    public static IReadOnlyCollection<string> Names => Values.Keys;

    /// <summary>True for names with a constant, in any case; SET of them is ignored.</summary>
    public static bool IsKnown(string name) => Values.ContainsKey(name);

    public static ResultTable Make(string name) => new ResultTable(ResultTable.Text(name)).Add(Values[name]);
}
