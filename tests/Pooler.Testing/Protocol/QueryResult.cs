namespace Pooler.Testing.Protocol;

/// <summary>Everything that came up to ReadyForQuery, or to the end of the connection.</summary>
public sealed class QueryResult
{
    public List<string> Columns { get; } = [];

    /// <summary>The type OIDs of <see cref="Columns"/>.</summary>
    public List<int> TypeIds { get; } = [];

    public List<string?[]> Rows { get; } = [];

    public List<string> Tags { get; } = [];

    public List<ErrorFields> Errors { get; } = [];

    public List<ErrorFields> Notices { get; } = [];

    /// <summary>The message types in their order, such as "TDCZ".</summary>
    public string Types { get; set; } = string.Empty;

    /// <summary>The status of ReadyForQuery (I, T or E), or null when the connection ended before it.</summary>
    public char? Status { get; set; }

    /// <summary>The first value of the first row.</summary>
    public string? Scalar => Rows[0][0];

    /// <summary>The value of a row by its column's name.</summary>
    public string? Value(int row, string column) => Rows[row][Columns.IndexOf(column)];
}
