namespace Pooler.Testing.Simulation;

/// <summary>A scripted client's prepared statement on a table.</summary>
/// <param name="Name">The client's name for it.</param>
/// <param name="Table">Which table.</param>
/// <param name="Rows">How many rows it gives.</param>
internal sealed record TableStatement(string Name, int Table, int Rows)
{
    /// <summary>Its text, the same for all clients.</summary>
    internal string Text { get; } = $"table {BackendModel.Parameter} {Table} {Rows} 20";

    /// <summary>Its client has asked for the columns.</summary>
    internal bool HasAsked { get; set; }

    /// <summary>The columns that its client was told of and reads all rows by; null: none.</summary>
    internal TableColumns? Told { get; set; }
}
