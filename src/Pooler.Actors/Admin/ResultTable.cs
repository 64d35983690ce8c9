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

    /// <summary>It answers a SELECT; otherwise a SHOW, whose tag does not count the rows.</summary>
    public bool IsSelect { get; init; }

    /// <summary>The command tag that ends the result.</summary>
    public string Tag => TagFor(_rows.Count);

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

    /// <summary>The tag after this many of the rows.</summary>
    public string TagFor(int rows) => IsSelect ? "SELECT " + Number(rows) : "SHOW";

    /// <summary>Writes one row; <paramref name="formats"/> has none for text, one for all columns, or one for each.</summary>
    public void WriteRow(MessageWriter writer, int row, ReadOnlySpan<short> formats)
    {
        string?[] values = _rows[row];
        writer.BeginDataRow(values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            if (formats.IsEmpty || formats[formats.Length == 1 ? 0 : i] == 0)
                writer.AppendValue(values[i]);
            else
                BinaryFormat.Append(writer, values[i], Columns[i].TypeOid);
        }

        writer.EndMessage();
    }

    /// <summary>Writes RowDescription and the rows.</summary>
    public void Write(MessageWriter writer)
    {
        writer.WriteRowDescription(Columns.AsSpan());
        foreach (string?[] row in _rows)
            writer.WriteDataRow(row);
    }
}
