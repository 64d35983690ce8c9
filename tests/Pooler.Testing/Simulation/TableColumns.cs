using System.Globalization;
using Pooler.Actors.Wire;

namespace Pooler.Testing.Simulation;

/// <summary>
/// The columns of a scripted server's table in one of its states. Each row says of which columns it is, so that one that is read by others is noticed. Immutable; two that
/// a server tells apart are two objects.
/// </summary>
internal sealed class TableColumns
{
    /// <summary>How many tables there are.</summary>
    internal const int Tables = 3;

    private static readonly Column Answer = new("answer", PostgresTypes.VarChar, 24);
    private static readonly Column LongerAnswer = Answer with { Modifier = 44 };
    private static readonly TableColumns Short = new(Answer);
    private static readonly TableColumns Long = new(LongerAnswer);
    private static readonly TableColumns More = new(LongerAnswer, new Column("more", PostgresTypes.Int8, -1));

    // What a table becomes in turn: longer, which is read as before; with one column more; other, but not to be seen; with another type; shorter, as once before; with another name.
    private static readonly TableColumns[] States =
    [
        Short,
        Long,
        More,
        More,
        new(LongerAnswer, new Column("more", PostgresTypes.Int4, -1)),
        Long,
        new(LongerAnswer, new Column("rest", PostgresTypes.Int4, -1)),
        More,
    ];

    private readonly Column[] _columns;
    private readonly string[] _texts;

    private TableColumns(params Column[] columns)
    {
        _columns = columns;
        _texts = [.. columns.Select(column => string.Create(CultureInfo.InvariantCulture, $"{column.Name} {column.Type}"))];
    }

    internal int Count => _columns.Length;

    /// <summary>The columns of a table when all tables have changed so often.</summary>
    internal static TableColumns Of(int table, int version) => States[(version + (table * 3)) % States.Length];

    /// <summary>True if all tables have the same columns at both times.</summary>
    internal static bool AreSame(int version, int other)
    {
        for (var table = 0; table < Tables; table++)
        {
            if (Of(table, version) != Of(table, other))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True if rows of both are read in the same way: names and types are the same.</summary>
    internal bool IsReadAs(TableColumns other) => _texts.AsSpan().SequenceEqual(other._texts);

    public override string ToString() => string.Join(", ", _texts);

    internal void WriteDescription(MessageWriter writer)
    {
        writer.BeginMessage(BackendMessage.RowDescription);
        writer.AppendInt16((short)Count);
        foreach (var (name, type, modifier) in _columns)
        {
            writer.AppendCString(name);
            writer.AppendInt32(16_384);
            writer.AppendInt16(1);
            writer.AppendInt32(type);
            writer.AppendInt16(PostgresTypes.Length(type));
            writer.AppendInt32(modifier);
            writer.AppendInt16(0);
        }

        writer.EndMessage();
    }

    /// <summary>A row with a text of its own.</summary>
    internal void WriteRow(MessageWriter writer, string text)
    {
        writer.BeginDataRow(Count);
        writer.AppendValue($"{text} {_texts[0]}");
        foreach (var rest in _texts.AsSpan(1))
        {
            writer.AppendValue(rest);
        }

        writer.EndMessage();
    }

    private sealed record Column(string Name, int Type, int Modifier);
}
