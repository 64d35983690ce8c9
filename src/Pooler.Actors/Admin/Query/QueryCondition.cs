using System.Collections.Immutable;

namespace Pooler.Actors.Admin.Query;

/// <summary>A condition of WHERE, or a part of one.</summary>
/// <typeparam name="T">Its operands: as written, or resolved to columns and values.</typeparam>
/// <param name="Kind">What it asks.</param>
internal sealed record QueryCondition<T>(QueryConditionKind Kind)
{
    public ImmutableArray<QueryCondition<T>> Children { get; init; } = [];

    public ImmutableArray<T> Operands { get; init; } = [];

    /// <summary>Of a comparison: = &lt;&gt; &lt; &lt;= &gt; &gt;=.</summary>
    public string Operator { get; init; } = "";

    /// <summary>ILIKE.</summary>
    public bool IgnoresCase { get; init; }

    /// <summary>The members of an IN whose operands are all known before the first row.</summary>
    public HashSet<QueryValue>? Members { get; init; }

    public static QueryCondition<T> Not(QueryCondition<T> child) => new(QueryConditionKind.Not) { Children = [child] };
}
