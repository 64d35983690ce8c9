using System.Collections.Immutable;
using System.Globalization;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin.Query;

/// <content>What the query computes for each row or group, and in which order.</content>
internal sealed partial class QueryCompiler
{
    private const string UnnamedColumn = "?column?";

    private List<OutputColumn> BindItems()
    {
        List<OutputColumn> outputs = [];
        foreach (SelectItem item in _statement.Items)
        {
            if (item.Operand is { } operand)
                outputs.Add(BindOutput(operand, item.Alias));
            else if (item.Qualifier is { } qualifier && !IsThisTable(qualifier))
                Fail(PoolerErrors.NoSuchTableInFrom(qualifier), SqlStates.UndefinedTable);
            else
                outputs.AddRange(_columns.Select((column, i) => ColumnOutput(i, column.Name)));

            if (outputs.Count > MaxOutputs)
                Fail(PoolerErrors.TooManyColumns(MaxOutputs), SqlStates.TooManyColumns);
            if (_error is not null)
                break;
        }

        return outputs;
    }

    private OutputColumn BindOutput(QueryOperand operand, string? alias)
    {
        if (operand.IsAggregate)
            return BindAggregate(operand, alias);

        BoundOperand bound = Settle(Bind(operand), PostgresTypes.Text);
        return new OutputColumn(
            operand.Kind, alias ?? (operand.Kind == QueryOperandKind.Column ? operand.Text : UnnamedColumn), bound.TypeOid, bound);
    }

    private OutputColumn BindAggregate(QueryOperand operand, string? alias)
    {
        BoundOperand argument = Nothing;
        if (operand.Kind != QueryOperandKind.CountRows)
            argument = Bind(operand with { Kind = QueryOperandKind.Column });

        int type = argument.TypeOid;
        (string name, int? result) = operand.Kind switch
        {
            QueryOperandKind.Sum => ("sum", SumType(type)),
            QueryOperandKind.Average => ("avg", QueryTypes.IsNumber(type) ? PostgresTypes.Numeric : null),
            QueryOperandKind.Min => ("min", ExtremeType(type)),
            QueryOperandKind.Max => ("max", ExtremeType(type)),
            _ => ("count", (int?)PostgresTypes.Int8),
        };
        if (result is null)
            Fail(PoolerErrors.NoSuchFunction(name, QueryTypes.NameOf(type)), SqlStates.UndefinedFunction);

        return new OutputColumn(operand.Kind, alias ?? name, result ?? QueryTypes.Unknown, argument);
    }

    private static int? SumType(int type) => type switch
    {
        PostgresTypes.Int2 or PostgresTypes.Int4 => PostgresTypes.Int8,
        PostgresTypes.Int8 or PostgresTypes.Numeric => PostgresTypes.Numeric,
        _ => null,
    };

    private static int? ExtremeType(int type) => QueryTypes.IsNumber(type) || QueryTypes.IsText(type) ? type : null;

    private OutputColumn ColumnOutput(int column, string name)
    {
        int type = _columns[column].TypeOid;
        return new OutputColumn(QueryOperandKind.Column, name, type, new BoundOperand(type, Column: column));
    }

    // A number is a place in the SELECT list; a name is a column of the table, else one of the result.
    private ImmutableArray<int> BindGroups(List<OutputColumn> outputs)
    {
        List<int> groups = [];
        foreach (QueryOperand item in _statement.GroupBy)
        {
            OutputColumn? output = null;
            if (item.Kind == QueryOperandKind.Number)
                output = AtPosition(item.Text, outputs, outputs.Count, "GROUP BY") is { } position ? outputs[position] : null;
            else if (item.Qualifier is null && !HasColumn(item.Text))
                output = outputs.Find(candidate => candidate.Name == item.Text);

            if (output is { IsAggregate: true })
                Fail(PoolerErrors.AggregateInGroupBy, SqlStates.GroupingError);
            else if (output is { Operand.Column: >= 0 })
                groups.Add(output.Operand.Column);
            else if (output is null && item.Kind == QueryOperandKind.Column && Find(item) is >= 0 and var column)
                groups.Add(column);
        }

        return [.. groups.Distinct()];
    }

    // A name is a column of the result, else one of the table.
    private ImmutableArray<SortKey> BindOrder(List<OutputColumn> outputs, int shown)
    {
        ImmutableArray<SortKey>.Builder keys = ImmutableArray.CreateBuilder<SortKey>();
        foreach (OrderItem item in _statement.OrderBy)
        {
            QueryOperand operand = item.Operand;
            int output = operand switch
            {
                { Kind: QueryOperandKind.Number } => AtPosition(operand.Text, outputs, shown, "ORDER BY") ?? -1,
                { Kind: QueryOperandKind.Column, Qualifier: null } => outputs.FindIndex(0, shown, candidate => candidate.Name == operand.Text),
                _ => -1,
            };
            if (_error is not null)
                return [];
            if (output < 0)
            {
                output = outputs.Count;
                outputs.Add(BindOutput(operand, null));
            }

            keys.Add(new SortKey(output, item.IsDescending, item.NullsFirst));
        }

        return keys.ToImmutable();
    }

    private bool HasColumn(string name) => _columns.Any(column => column.Name == name);

    private int? AtPosition(string digits, List<OutputColumn> outputs, int shown, string clause)
    {
        if (int.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int position)
            && position >= 1 && position <= Math.Min(shown, outputs.Count))
        {
            return position - 1;
        }

        Fail(PoolerErrors.PositionNotInSelectList(clause, digits), SqlStates.InvalidColumnReference);
        return null;
    }

    private void CheckGrouping(List<OutputColumn> outputs, ImmutableArray<int> groups)
    {
        foreach (OutputColumn output in outputs)
        {
            if (!output.IsAggregate && output.Operand.Column >= 0 && !groups.Contains(output.Operand.Column))
            {
                string column = (_statement.Alias ?? _statement.Table) + "." + _columns[output.Operand.Column].Name;
                Fail(PoolerErrors.ColumnNotGrouped(column), SqlStates.GroupingError);
            }
        }
    }
}
