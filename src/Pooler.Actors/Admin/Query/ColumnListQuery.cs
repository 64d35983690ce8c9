using System.Globalization;

namespace Pooler.Actors.Admin.Query;

/// <summary>
/// The query by which psql prints what it was told about a statement's columns (\gdesc): it sends their names and types back and wants the types'
/// names: <c>SELECT name AS "Column", pg_catalog.format_type(tp, tpm) AS "Type" FROM (VALUES (name, oid::pg_catalog.oid, modifier), ...) s(name, tp, tpm)</c>.
/// </summary>
internal static class ColumnListQuery
{
    private const string Head = "select name as \"Column\" , pg_catalog . format_type ( tp , tpm ) as \"Type\" from ( values";
    private const string Tail = ") s ( name , tp , tpm )";

    // ( 'name' , 'oid' :: pg_catalog . oid , modifier )
    private const int RowLength = 11;

    /// <summary>The answer; null: the tokens are no such query.</summary>
    public static ResultTable? Answer(ReadOnlySpan<QueryToken> tokens)
    {
        if (!TryTake(ref tokens, Head))
            return null;

        var table = new ResultTable(ResultTable.Text("Column"), ResultTable.Text("Type")) { IsSelect = true };
        do
        {
            if (tokens.Length < RowLength || !tokens[0].IsSymbol("(") || tokens[1].Kind != QueryTokenKind.Text || tokens[3].Kind != QueryTokenKind.Text
                || !int.TryParse(tokens[3].Text, NumberStyles.None, CultureInfo.InvariantCulture, out int oid))
            {
                return null;
            }

            string name = tokens[1].Text;
            tokens = tokens[4..];
            if (!TryTake(ref tokens, ":: pg_catalog . oid ,"))
                return null;
            if (!tokens.IsEmpty && tokens[0].IsSymbol("-"))
                tokens = tokens[1..];
            if (tokens.Length < 2 || tokens[0].Kind != QueryTokenKind.Number || !tokens[1].IsSymbol(")"))
                return null;

            tokens = tokens[2..];
            table.Add(name, QueryTypes.NameOf(oid));
        }
        while (TryTake(ref tokens, ","));

        return TryTake(ref tokens, Tail) && tokens.IsEmpty ? table : null;
    }

    // Words and symbols between spaces; a quoted name with its quotes.
    private static bool TryTake(ref ReadOnlySpan<QueryToken> tokens, string expected)
    {
        ReadOnlySpan<QueryToken> rest = tokens;
        foreach (string word in expected.Split(' '))
        {
            if (rest.IsEmpty || (rest[0].Kind == QueryTokenKind.QuotedName ? $"\"{rest[0].Text}\"" : rest[0].Text) != word)
                return false;
            rest = rest[1..];
        }

        tokens = rest;
        return true;
    }
}
