using System.Globalization;

namespace Pooler.Actors.Admin.Query;

/// <summary>One value of a query while it runs: NULL, a number or a text.</summary>
internal readonly record struct QueryValue
{
    private QueryValue(string? text, decimal number, bool isNumber)
    {
        Text = text;
        Number = number;
        IsNumber = isNumber;
    }

    /// <summary>NULL, which is also the default value.</summary>
    public static QueryValue Null => default;

    public string? Text { get; }

    public decimal Number { get; }

    public bool IsNumber { get; }

    public bool IsNull => !IsNumber && Text is null;

    public static QueryValue Of(string? text) => new(text, 0, false);

    public static QueryValue Of(decimal number) => new(null, number, true);

    /// <summary>The value of a cell in a column of this type.</summary>
    public static QueryValue OfCell(string? cell, int typeOid)
    {
        if (cell is null)
            return Null;

        return QueryTypes.IsNumber(typeOid) && TryNumber(cell, out decimal number) ? Of(number) : Of(cell);
    }

    /// <summary>Reads a number as SQL writes it, spaces around it allowed; false for one with more digits than a decimal has.</summary>
    public static bool TryNumber(string text, out decimal number) => decimal.TryParse(
        text,
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite
        | NumberStyles.AllowExponent,
        CultureInfo.InvariantCulture,
        out number);

    /// <summary>The order of two values of one type, neither of which is NULL: numbers by size, texts by their bytes.</summary>
    public static int Compare(QueryValue left, QueryValue right) =>
        left.IsNumber && right.IsNumber ? left.Number.CompareTo(right.Number) : CompareBytes(left.Text ?? "", right.Text ?? "");

    // UTF-8 sorts by code point, and UTF-16 does not where surrogates meet the characters above them.
    private static int CompareBytes(string left, string right)
    {
        int common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
            return left.Length.CompareTo(right.Length);

        char one = left[common];
        char other = right[common];
        return char.IsSurrogate(one) == char.IsSurrogate(other) ? one.CompareTo(other) : char.IsSurrogate(one) ? 1 : -1;
    }
}
