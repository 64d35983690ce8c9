using System.Globalization;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin.Query;

/// <summary>What queries know about PostgreSQL's types.</summary>
internal static class QueryTypes
{
    /// <summary>The type is not known yet: a literal in quotes, or a parameter that the client gave no type for.</summary>
    public const int Unknown = 0;

    /// <summary>True for types whose values are compared as numbers.</summary>
    public static bool IsNumber(int oid) => oid is PostgresTypes.Int2 or PostgresTypes.Int4 or PostgresTypes.Int8 or PostgresTypes.Oid
        or PostgresTypes.Float4 or PostgresTypes.Float8 or PostgresTypes.Numeric;

    /// <summary>True for types whose values are compared as texts.</summary>
    public static bool IsText(int oid) =>
        oid is PostgresTypes.Text or PostgresTypes.VarChar or PostgresTypes.BpChar or PostgresTypes.Name or PostgresTypes.Char;

    /// <summary>True if values of the two types can be compared.</summary>
    public static bool AreComparable(int left, int right) => (IsNumber(left) && IsNumber(right)) || (IsText(left) && IsText(right));

    /// <summary>The type's name in messages.</summary>
    public static string NameOf(int oid) => oid switch
    {
        Unknown => "unknown",
        PostgresTypes.Bool => "boolean",
        PostgresTypes.Bytea => "bytea",
        PostgresTypes.Char => "\"char\"",
        PostgresTypes.Name => "name",
        PostgresTypes.Int8 => "bigint",
        PostgresTypes.Int2 => "smallint",
        PostgresTypes.Int4 => "integer",
        PostgresTypes.Text => "text",
        PostgresTypes.Oid => "oid",
        PostgresTypes.Float4 => "real",
        PostgresTypes.Float8 => "double precision",
        PostgresTypes.BpChar => "character",
        PostgresTypes.VarChar => "character varying",
        PostgresTypes.Numeric => "numeric",
        _ => oid.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The type of a number that stands in a query.</summary>
    public static int OfNumber(string digits)
    {
        if (int.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            return PostgresTypes.Int4;

        return long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? PostgresTypes.Int8 : PostgresTypes.Numeric;
    }

    /// <summary>Reads the text form of a value of this type; false when it is none.</summary>
    public static bool TryRead(string text, int oid, out QueryValue value)
    {
        if (!IsNumber(oid))
        {
            value = QueryValue.Of(text);
            return true;
        }

        bool isRead = QueryValue.TryNumber(text, out decimal number) && IsInRange(number, oid);
        value = QueryValue.Of(number);
        return isRead;
    }

    private static bool IsInRange(decimal number, int oid) => oid switch
    {
        PostgresTypes.Int2 => IsWhole(number, short.MinValue, short.MaxValue),
        PostgresTypes.Int4 => IsWhole(number, int.MinValue, int.MaxValue),
        PostgresTypes.Int8 => IsWhole(number, long.MinValue, long.MaxValue),
        PostgresTypes.Oid => IsWhole(number, 0, uint.MaxValue),
        _ => true,
    };

    private static bool IsWhole(decimal number, decimal least, decimal most) => number >= least && number <= most && decimal.Truncate(number) == number;
}
