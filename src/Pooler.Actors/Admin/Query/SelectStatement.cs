using System.Collections.Immutable;

namespace Pooler.Actors.Admin.Query;

/// <summary>A query as written: a SELECT, or a SHOW with more than its name. Immutable.</summary>
internal sealed record SelectStatement
{
    /// <summary>It began with SHOW.</summary>
    public bool IsShow { get; init; }

    /// <summary>What it reads from.</summary>
    public required string Table { get; init; }

    /// <summary>The name by which its columns may be qualified.</summary>
    public string? Alias { get; init; }

    public ImmutableArray<SelectItem> Items { get; init; } = [];

    public QueryCondition<QueryOperand>? Where { get; init; }

    public ImmutableArray<QueryOperand> GroupBy { get; init; } = [];

    public ImmutableArray<OrderItem> OrderBy { get; init; } = [];

    /// <summary>A number or a parameter; null: no limit.</summary>
    public QueryOperand? Limit { get; init; }

    /// <summary>A number or a parameter; null: 0.</summary>
    public QueryOperand? Offset { get; init; }
}
