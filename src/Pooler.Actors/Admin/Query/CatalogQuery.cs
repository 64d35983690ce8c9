using System.Collections.Immutable;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin.Query;

/// <summary>
/// The questions by which drivers load all types of a database when they first connect. They join many tables of the catalog, which is no matter
/// here: what they ask for is seen from the columns that they want. The console has base types only, so all there is to say of
/// composite types and enums is that there are none.
/// </summary>
internal static class CatalogQuery
{
    private static readonly ImmutableDictionary<string, int> ColumnsOfEmptyTables = new Dictionary<string, int>
    {
        ["attname"] = PostgresTypes.Name,
        ["atttypid"] = PostgresTypes.Oid,
        ["enumlabel"] = PostgresTypes.Name,
    }.ToImmutableDictionary();

    /// <summary>The answer to a question for all types, for the fields of composite types or for the labels of enums; null: it is none.</summary>
    public static ResultTable? Answer(IReadOnlyList<QueryToken> tokens)
    {
        if (!tokens.Any(token => token.IsWord("pg_type")) || tokens.Any(token => token.Kind == QueryTokenKind.Parameter))
            return null;
        if (ReadColumns(tokens) is not { } names)
            return null;

        ResultTable types = CatalogTables.MakeTypeList();
        if (names.SequenceEqual(types.Columns.Select(column => column.Name)))
            return AsSelect(types.Columns, types.Rows);
        if (!names.Exists(ColumnsOfEmptyTables.ContainsKey))
            return null;

        List<ColumnDescription> columns = [];
        foreach (string name in names)
        {
            if (name != "oid" && !ColumnsOfEmptyTables.ContainsKey(name))
                return null;
            columns.Add(new ColumnDescription(name, ColumnsOfEmptyTables.GetValueOrDefault(name, PostgresTypes.Oid)));
        }

        return AsSelect([.. columns], []);
    }

    // The plain names between SELECT and FROM, without the tables before their points; null when anything else stands there.
    private static List<string>? ReadColumns(IReadOnlyList<QueryToken> tokens)
    {
        if (tokens.Count == 0 || !tokens[0].IsWord("select"))
            return null;

        List<string> names = [];
        for (int i = 1; i < tokens.Count; i++)
        {
            if (i + 1 < tokens.Count && tokens[i + 1].IsSymbol("."))
                i += 2;
            if (i + 1 >= tokens.Count || tokens[i].Kind != QueryTokenKind.Word)
                return null;

            names.Add(tokens[i++].Text);
            if (tokens[i].IsWord("from"))
                return names;
            if (!tokens[i].IsSymbol(","))
                return null;
        }

        return null;
    }

    private static ResultTable AsSelect(ImmutableArray<ColumnDescription> columns, IEnumerable<string?[]> rows)
    {
        var table = new ResultTable(columns) { IsSelect = true };
        foreach (string?[] row in rows)
            table.Add(row);

        return table;
    }
}
