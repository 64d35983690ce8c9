using System.Buffers.Binary;

namespace Pooler.Testing.Simulation;

/// <content>
/// Statements on tables whose columns change: <c>table CLIENT TABLE ROWS LENGTH</c>. A plan is refused when its result is not what it was when it was parsed, as PostgreSQL does it.
/// </content>
internal sealed partial class BackendModel
{
    private const string TableWord = "table ";

    private int _tableUses;

    /// <summary>How often the tables have changed.</summary>
    internal Func<int> SchemaVersion { get; set; } = () => 0;

    /// <summary>
    /// For a client that does not know when a plan was made: which use of a plan, counted from 0, is refused, whatever the columns were; -1: none. Null: the model goes by the columns.
    /// </summary>
    internal int? RefusedUse { get; private set; }

    /// <summary>A Bind is refused when it has been answered: what stands behind it has come later, and shows that the client does not ask for the columns.</summary>
    internal bool RefusesLate { get; private set; }

    /// <summary>There has been such a use.</summary>
    internal bool HasRefused { get; private set; }

    /// <summary>The same session as it would be with tables changed so often and this use of a plan refused; they share nothing.</summary>
    internal BackendModel Fork(int version, int refusedUse, bool refusesLate)
    {
        var fork = (BackendModel)MemberwiseClone();
        fork._output = new();
        fork._output.AppendBytes(Output);
        fork._values = [.. _values];
        fork._reported = [.. _reported];
        fork._saved = _saved is null ? null : [.. _saved];
        fork._savepoints = [.. _savepoints];
        fork._input = [.. _input];
        fork._rest = new(_rest);
        fork._statements = new(_statements);
        fork._portals = _portals.ToDictionary(pair => pair.Key, pair => pair.Value with { });
        fork._tableUses = 0;
        fork.HasRefused = false;
        fork.RefusedUse = refusedUse;
        fork.RefusesLate = refusesLate;
        fork.SchemaVersion = () => version;
        return fork;
    }

    /// <summary>The transaction has used a table, which cannot change before its end.</summary>
    internal bool HoldsTables { get; private set; }

    private TableColumns? ColumnsOf(string query) =>
        query.StartsWith(TableWord, StringComparison.Ordinal) ? TableColumns.Of(Number(query.Split(' ')[2]), SchemaVersion()) : null;

    private bool IsChanged(Statement statement)
    {
        if (statement.Columns is null)
        {
            return false;
        }

        HoldsTables = true;
        if (RefusedUse is { } refused)
        {
            var isRefused = _tableUses++ == refused;
            HasRefused |= isRefused;
            return isRefused;
        }

        return statement.Columns != ColumnsOf(statement.Query);
    }

    private void FailChanged()
    {
        _output.WriteChangedPlan();
        AfterFailure();
    }

    /// <summary>True if a Bind asks for more or fewer columns than there are; one format is for all.</summary>
    private static bool HasWrongFormats(ReadOnlySpan<byte> formats, TableColumns? columns, out int count)
    {
        count = BinaryPrimitives.ReadInt16BigEndian(formats);
        return columns is not null && count > 1 && count != columns.Count;
    }
}
