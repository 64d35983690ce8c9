namespace Pooler.Testing.Simulation;

/// <summary>One request by which a scripted client uses its statement on a table: it describes or binds it.</summary>
internal sealed class TableUse(TableStatement statement)
{
    /// <summary>What is used.</summary>
    internal TableStatement Statement { get; } = statement;

    /// <summary>The rows are read by what the client was told before this batch.</summary>
    internal bool IsReadByTold { get; init; }

    /// <summary>What that was, as soon as all that was asked before has been answered; null: nothing.</summary>
    internal TableColumns? ReadBy { get; private set; }

    /// <summary>How many formats it gives for the columns.</summary>
    internal int Formats { get; init; }

    /// <summary>The client keeps the columns in mind that it is told now.</summary>
    internal bool Tells { get; init; }

    /// <summary>It may be refused although the client would read the rows as they are: something of its batch has run by then, the server is asked about a statement behind it, or it stands in a transaction, or in a session of the client's own.</summary>
    internal bool MayBeRefused { get; set; }

    /// <summary>All that was sent before is answered.</summary>
    internal void Begin() => ReadBy = IsReadByTold ? Statement.Told : null;

    /// <summary>The columns that it has at this time.</summary>
    internal TableColumns ColumnsAt(int version) => TableColumns.Of(Statement.Table, version);

    /// <summary>By then the rows are not what the client would read them as.</summary>
    internal bool IsOther(int version) => ReadBy?.IsReadAs(ColumnsAt(version)) == false;
}
