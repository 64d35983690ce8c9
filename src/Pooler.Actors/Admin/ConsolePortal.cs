using Pooler.Actors.Admin.Query;

namespace Pooler.Actors.Admin;

/// <summary>A prepared statement of a console session with values for its parameters, and how far it was executed.</summary>
internal sealed class ConsolePortal(ConsoleStatement statement, QueryValue[] parameters, short[] formats, int size)
{
    public ConsoleStatement Statement { get; } = statement;

    public IReadOnlyList<QueryValue> Parameters { get; } = parameters;

    /// <summary>The formats of the result's columns: none for text, one for all, or one for each.</summary>
    public short[] Formats { get; } = formats;

    /// <summary>What it counts for in the limit of the session, bytes.</summary>
    public int Size { get; } = size;

    /// <summary>The result while some of its rows have not been sent; null before and after.</summary>
    public ResultTable? Result { get; set; }

    /// <summary>How many rows of <see cref="Result"/> were sent.</summary>
    public int Position { get; set; }

    /// <summary>It was executed to its end.</summary>
    public bool IsDone { get; set; }
}
