using System.Collections.Immutable;
using System.Globalization;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin;

/// <summary>
/// A result of SHOW: columns with their types and rows of text values. Filled by one function and then only read, so it may travel in a message.
/// </summary>
internal sealed class ResultTable(params ImmutableArray<ColumnDescription> columns)
{
    private readonly List<string?[]> _rows = [];

    public ImmutableArray<ColumnDescription> Columns { get; } = columns;

    public IReadOnlyList<string?[]> Rows => _rows;

    public static ColumnDescription Text(string name) => new(name, PostgresTypes.Text);

    public static ColumnDescription Int4(string name) => new(name, PostgresTypes.Int4);

    public static ColumnDescription Int8(string name) => new(name, PostgresTypes.Int8);

    public static ColumnDescription Numeric(string name) => new(name, PostgresTypes.Numeric);

    /// <summary>A number the way a row has it.</summary>
    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Adds a row with one value per column; null is NULL.</summary>
    public ResultTable Add(params string?[] values)
    {
        if (values.Length != Columns.Length)
            throw new ArgumentException($"The row has {values.Length} values for {Columns.Length} columns.", nameof(values));

        _rows.Add(values);
        return this;
    }

    /// <summary>Writes RowDescription and the rows.</summary>
    public void Write(MessageWriter writer)
    {
        writer.WriteRowDescription(Columns.AsSpan());
        foreach (string?[] row in _rows)
            writer.WriteDataRow(row);
    }
}
