using System.Collections.Immutable;
using Pooler.Actors.Admin.Query;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin;

/// <summary>
/// A text of a session that was read and can be run any number of times. Immutable, so that it may travel in a message. Made by
/// <see cref="StatementReader"/>.
/// </summary>
/// <param name="Text">The text as typed.</param>
internal sealed record ConsoleStatement(string Text)
{
    /// <summary>The columns of its result; null: it has none.</summary>
    public ImmutableArray<ColumnDescription>? Columns { get; init; }

    /// <summary>The types of its parameters, from $1.</summary>
    public ImmutableArray<int> ParameterTypes { get; init; } = [];

    /// <summary>The answer where it is known already; null: <see cref="Run"/> finds it.</summary>
    public ConsoleReply? Answer { get; init; }

    /// <summary>Runs it and answers the call; used where there is no <see cref="Answer"/>.</summary>
    public Action<ICommandHost, long, AdminRights, IReadOnlyList<QueryValue>>? Run { get; init; }
}
