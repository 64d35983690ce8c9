using System.Collections.Frozen;
using System.Globalization;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin.Query;

/// <summary>The part of PostgreSQL's catalog that the console has: the types of its results and parameters. Drivers look there after connecting.</summary>
internal static class CatalogTables
{
    private const string CatalogNamespace = "11";

    private static readonly (int Oid, string Name, char Kind, char Category)[] Types =
    [
        (PostgresTypes.Bool, "bool", 'b', 'B'),
        (PostgresTypes.Bytea, "bytea", 'b', 'U'),
        (PostgresTypes.Char, "char", 'b', 'Z'),
        (PostgresTypes.Name, "name", 'b', 'S'),
        (PostgresTypes.Int8, "int8", 'b', 'N'),
        (PostgresTypes.Int2, "int2", 'b', 'N'),
        (PostgresTypes.Int4, "int4", 'b', 'N'),
        (PostgresTypes.Text, "text", 'b', 'S'),
        (PostgresTypes.Oid, "oid", 'b', 'N'),
        (PostgresTypes.Float4, "float4", 'b', 'N'),
        (PostgresTypes.Float8, "float8", 'b', 'N'),
        (PostgresTypes.Unknown, "unknown", 'p', 'X'),
        (PostgresTypes.BpChar, "bpchar", 'b', 'S'),
        (PostgresTypes.VarChar, "varchar", 'b', 'S'),
        (PostgresTypes.Numeric, "numeric", 'b', 'N'),
        (PostgresTypes.Void, "void", 'p', 'P'),
    ];

    private static readonly FrozenDictionary<string, ResultTable> ByName = new Dictionary<string, ResultTable>
    {
        ["pg_type"] = MakeTypes(),
        ["pg_namespace"] = new ResultTable(new ColumnDescription("oid", PostgresTypes.Oid), new ColumnDescription("nspname", PostgresTypes.Name))
            .Add(CatalogNamespace, "pg_catalog"),
    }.ToFrozenDictionary();

    /// <summary>The table of this name, lower case.</summary>
    public static bool TryGet(string name, out ResultTable? table) => ByName.TryGetValue(name, out table);

    /// <summary>Every type with the columns that drivers ask for when they load types, under the names that they give them.</summary>
    public static ResultTable MakeTypeList()
    {
        var table = new ResultTable(
            new ColumnDescription("nspname", PostgresTypes.Name),
            new ColumnDescription("oid", PostgresTypes.Oid),
            new ColumnDescription("typname", PostgresTypes.Name),
            new ColumnDescription("typtype", PostgresTypes.Char),
            new ColumnDescription("typnotnull", PostgresTypes.Bool),
            new ColumnDescription("elemtypoid", PostgresTypes.Oid));
        foreach ((int oid, string name, char kind, _) in Types)
            table.Add("pg_catalog", ResultTable.Number(oid), name, kind.ToString(), "f", null);

        return table;
    }

    private static ResultTable MakeTypes()
    {
        var table = new ResultTable(
            new ColumnDescription("oid", PostgresTypes.Oid),
            new ColumnDescription("typname", PostgresTypes.Name),
            new ColumnDescription("typnamespace", PostgresTypes.Oid),
            new ColumnDescription("typlen", PostgresTypes.Int2),
            new ColumnDescription("typtype", PostgresTypes.Char),
            new ColumnDescription("typcategory", PostgresTypes.Char),
            new ColumnDescription("typnotnull", PostgresTypes.Bool),
            new ColumnDescription("typdelim", PostgresTypes.Char),
            new ColumnDescription("typrelid", PostgresTypes.Oid),
            new ColumnDescription("typelem", PostgresTypes.Oid),
            new ColumnDescription("typarray", PostgresTypes.Oid),
            new ColumnDescription("typbasetype", PostgresTypes.Oid),
            new ColumnDescription("typtypmod", PostgresTypes.Int4));
        foreach ((int oid, string name, char kind, char category) in Types)
        {
            string length = PostgresTypes.Length(oid).ToString(CultureInfo.InvariantCulture);
            table.Add(
                ResultTable.Number(oid), name, CatalogNamespace, length, kind.ToString(), category.ToString(), "f", ",", "0", "0", "0", "0", "-1");
        }

        return table;
    }
}
