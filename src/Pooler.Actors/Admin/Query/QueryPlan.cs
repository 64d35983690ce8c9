using System.Collections.Immutable;
using System.Globalization;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin.Query;

/// <summary>
/// A query that fits its table and can run over any content of it: filter, group, sort, cut. Pure and immutable; made by
/// <see cref="QueryCompiler"/>.
/// </summary>
internal sealed record QueryPlan
{
    /// <summary>The columns of the result.</summary>
    public required ImmutableArray<ColumnDescription> Columns { get; init; }

    /// <summary>The types of the parameters, from $1.</summary>
    public required ImmutableArray<int> ParameterTypes { get; init; }

    /// <summary>The result's columns, and behind them what is only sorted by.</summary>
    public required ImmutableArray<OutputColumn> Outputs { get; init; }

    public QueryCondition<BoundOperand>? Where { get; init; }

    /// <summary>Rows are grouped, if only into a single group.</summary>
    public bool IsGrouped { get; init; }

    /// <summary>The places of the columns whose values make a group.</summary>
    public ImmutableArray<int> GroupBy { get; init; } = [];

    public ImmutableArray<SortKey> OrderBy { get; init; } = [];

    public BoundOperand? Limit { get; init; }

    public BoundOperand? Offset { get; init; }

    /// <summary>The tag is that of SHOW.</summary>
    public bool IsShow { get; init; }

    /// <summary>The error of the values for LIMIT and OFFSET, if they have one.</summary>
    public QueryError? Check(IReadOnlyList<QueryValue> parameters)
    {
        if (Limit is { } limit && limit.Get([], parameters) is { IsNull: false, Number: < 0 })
            return new QueryError(PoolerErrors.NegativeLimit, SqlStates.InvalidLimit);
        if (Offset is { } offset && offset.Get([], parameters) is { IsNull: false, Number: < 0 })
            return new QueryError(PoolerErrors.NegativeOffset, SqlStates.InvalidOffset);

        return null;
    }

    /// <summary>Runs over the table for which it was made.</summary>
    /// <param name="source">The table.</param>
    /// <param name="parameters">One value for each of <see cref="ParameterTypes"/>; <see cref="Check"/> finds nothing wrong with them.</param>
    public ResultTable Run(ResultTable source, IReadOnlyList<QueryValue> parameters)
    {
        IEnumerable<string?[]> filtered = source.Rows.Where(row => Where is null || ConditionEvaluator.Test(Where, row, parameters) == true);
        List<string?[]> rows = IsGrouped ? Group(filtered, parameters) : [.. filtered.Select(row => Compute(row, parameters))];
        if (!OrderBy.IsEmpty)
            rows = Sort(rows);

        long offset = Count(Offset, parameters) ?? 0;
        long limit = Count(Limit, parameters) ?? long.MaxValue;
        var result = new ResultTable(Columns) { IsSelect = !IsShow };
        for (long i = offset; i < rows.Count && i - offset < limit; i++)
            result.Add(rows[(int)i][..Columns.Length]);

        return result;
    }

    private static long? Count(BoundOperand? operand, IReadOnlyList<QueryValue> parameters) =>
        operand is { } given && given.Get([], parameters) is { IsNull: false } value ? (long)value.Number : null;

    private string?[] Compute(string?[] row, IReadOnlyList<QueryValue> parameters)
    {
        string?[] computed = new string?[Outputs.Length];
        for (int i = 0; i < computed.Length; i++)
            computed[i] = Cell(Outputs[i].Operand, row, parameters);

        return computed;
    }

    private static string? Cell(BoundOperand operand, string?[] row, IReadOnlyList<QueryValue> parameters)
    {
        if (operand.Column >= 0)
            return row[operand.Column];

        QueryValue value = operand.Get(row, parameters);
        return value.IsNumber ? value.Number.ToString(CultureInfo.InvariantCulture) : value.Text;
    }

    private List<string?[]> Group(IEnumerable<string?[]> rows, IReadOnlyList<QueryValue> parameters)
    {
        var groups = new Dictionary<GroupKey, (string?[]? First, Aggregate?[] Aggregates)>();
        List<(string?[]? First, Aggregate?[] Aggregates)> inOrder = [];
        if (GroupBy.IsEmpty)
        {
            // Without GROUP BY there is one group even over no rows.
            inOrder.Add((null, NewAggregates()));
            groups.Add(new GroupKey([]), inOrder[0]);
        }

        foreach (string?[] row in rows)
        {
            var key = new GroupKey([.. GroupBy.Select(column => row[column])]);
            if (!groups.TryGetValue(key, out (string?[]? First, Aggregate?[] Aggregates) group))
            {
                group = (row, NewAggregates());
                groups.Add(key, group);
                inOrder.Add(group);
            }

            for (int i = 0; i < Outputs.Length; i++)
                group.Aggregates[i]?.Add(Outputs[i].Operand.Get(row, parameters));
        }

        return [.. inOrder.Select(group => Finish(group.First, group.Aggregates, parameters))];
    }

    private Aggregate?[] NewAggregates() => [.. Outputs.Select(output => output.IsAggregate ? new Aggregate(output.Kind) : null)];

    private string?[] Finish(string?[]? first, Aggregate?[] aggregates, IReadOnlyList<QueryValue> parameters)
    {
        string?[] computed = new string?[Outputs.Length];
        for (int i = 0; i < computed.Length; i++)
            computed[i] = aggregates[i] is { } aggregate ? aggregate.Result() : Cell(Outputs[i].Operand, first ?? [], parameters);

        return computed;
    }

    // Rows that are equal stay in the table's order.
    private List<string?[]> Sort(List<string?[]> rows)
    {
        QueryValue[][] keys =
            [.. rows.Select(row => OrderBy.Select(key => QueryValue.OfCell(row[key.Output], Outputs[key.Output].TypeOid)).ToArray())];
        int[] order = [.. Enumerable.Range(0, rows.Count)];
        Array.Sort(order, (left, right) => Compare(keys[left], keys[right]) is not 0 and var result ? result : left.CompareTo(right));
        return [.. order.Select(index => rows[index])];
    }

    private int Compare(QueryValue[] left, QueryValue[] right)
    {
        for (int i = 0; i < left.Length; i++)
        {
            SortKey key = OrderBy[i];
            int result = left[i].IsNull || right[i].IsNull
                ? (key.NullsFirst ? 1 : -1) * right[i].IsNull.CompareTo(left[i].IsNull)
                : QueryValue.Compare(left[i], right[i]) * (key.IsDescending ? -1 : 1);
            if (result != 0)
                return result;
        }

        return 0;
    }
}
