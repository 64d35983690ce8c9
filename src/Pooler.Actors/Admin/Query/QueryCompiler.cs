using System.Collections.Immutable;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin.Query;

/// <summary>
/// Makes the plan of a query over a table with given columns: finds the columns, gives every value its type and says what does not fit, in
/// PostgreSQL's words. Used once, by one thread. The other parts of the class do conditions and the result's columns.
/// </summary>
internal sealed partial class QueryCompiler
{
    private const int MaxOutputs = 1664;

    // NULL, and what stands for a value that has an error.
    private static readonly BoundOperand Nothing = new(QueryTypes.Unknown);

    private readonly SelectStatement _statement;
    private readonly ImmutableArray<ColumnDescription> _columns;
    private readonly List<int> _parameterTypes;
    private readonly int _maxParameter;
    private QueryError? _error;

    private QueryCompiler(
        SelectStatement statement, ImmutableArray<ColumnDescription> columns, ImmutableArray<int> declaredTypes, bool takesParameters)
    {
        _statement = statement;
        _columns = columns;
        _parameterTypes = [.. declaredTypes];
        _maxParameter = takesParameters ? short.MaxValue : 0;
    }

    /// <summary>Makes the plan, or says why there is none.</summary>
    /// <param name="statement">The query.</param>
    /// <param name="columns">The columns of its table.</param>
    /// <param name="declaredTypes">The types that the client gave its parameters; 0 where it leaves them open.</param>
    /// <param name="takesParameters">There may be parameters.</param>
    /// <param name="error">Why there is no plan.</param>
    public static QueryPlan? Compile(
        SelectStatement statement,
        ImmutableArray<ColumnDescription> columns,
        ImmutableArray<int> declaredTypes,
        bool takesParameters,
        out QueryError? error)
    {
        var compiler = new QueryCompiler(statement, columns, declaredTypes, takesParameters);
        QueryPlan? plan = compiler.Compile();
        error = compiler._error;
        return error is null ? plan : null;
    }

    private QueryPlan? Compile()
    {
        QueryCondition<BoundOperand>? where = _statement.Where is null ? null : Bind(_statement.Where);
        List<OutputColumn> outputs = BindItems();
        if (_error is not null)
            return null;

        int shown = outputs.Count;
        ImmutableArray<int> groups = BindGroups(outputs);
        ImmutableArray<SortKey> order = BindOrder(outputs, shown);
        bool isGrouped = !_statement.GroupBy.IsEmpty || outputs.Exists(output => output.IsAggregate);
        if (isGrouped)
            CheckGrouping(outputs, groups);

        BoundOperand? limit = BindCount(_statement.Limit);
        BoundOperand? offset = BindCount(_statement.Offset);
        if (_error is not null)
            return null;

        var plan = new QueryPlan
        {
            Columns = [.. outputs.Take(shown).Select(output => new ColumnDescription(output.Name, output.TypeOid))],
            ParameterTypes = [.. _parameterTypes.Select(type => type == QueryTypes.Unknown ? PostgresTypes.Text : type)],
            Outputs = [.. outputs],
            Where = where,
            IsGrouped = isGrouped,
            GroupBy = groups,
            OrderBy = order,
            Limit = limit,
            Offset = offset,
            IsShow = _statement.IsShow,
        };

        // What can be known now is not left to the first run.
        _error = plan.Limit is { Parameter: >= 0 } || plan.Offset is { Parameter: >= 0 } ? null : plan.Check([]);
        return plan;
    }

    private BoundOperand Bind(QueryOperand operand)
    {
        switch (operand.Kind)
        {
            case QueryOperandKind.Column:
                int column = Find(operand);
                return column < 0 ? Nothing : new BoundOperand(_columns[column].TypeOid, Column: column);
            case QueryOperandKind.Parameter:
                return BindParameter(operand.Parameter);
            case QueryOperandKind.Number:
                QueryValue.TryNumber(operand.Text, out decimal number);
                return new BoundOperand(QueryTypes.OfNumber(operand.Text), Constant: QueryValue.Of(number));
            case QueryOperandKind.Text:
                return new BoundOperand(QueryTypes.Unknown, Constant: QueryValue.Of(operand.Text));
            default:
                return Nothing;
        }
    }

    private BoundOperand BindParameter(int number)
    {
        if (number < 1 || number > _maxParameter)
        {
            Fail(PoolerErrors.NoSuchParameter(number), SqlStates.UndefinedParameter);
            return Nothing;
        }

        while (_parameterTypes.Count < number)
            _parameterTypes.Add(QueryTypes.Unknown);

        return new BoundOperand(_parameterTypes[number - 1], Parameter: number - 1);
    }

    /// <summary>Gives a value whose type is open this type: a parameter takes it over, a literal in quotes is read as such.</summary>
    private BoundOperand Settle(BoundOperand operand, int typeOid)
    {
        if (operand.TypeOid != QueryTypes.Unknown)
            return operand;
        if (operand.Parameter >= 0)
        {
            _parameterTypes[operand.Parameter] = typeOid;
            return operand with { TypeOid = typeOid };
        }

        if (operand.Constant.IsNull)
            return operand with { TypeOid = typeOid };
        if (!QueryTypes.TryRead(operand.Constant.Text ?? "", typeOid, out QueryValue value))
            Fail(PoolerErrors.InvalidValue(QueryTypes.NameOf(typeOid), operand.Constant.Text ?? ""), SqlStates.InvalidTextRepresentation);

        return operand with { TypeOid = typeOid, Constant = value };
    }

    private BoundOperand? BindCount(QueryOperand? operand) => operand is null ? null : Settle(Bind(operand), PostgresTypes.Int8);

    // The place of a column; -1 with an error when there is none.
    private int Find(QueryOperand operand)
    {
        if (operand.Qualifier is { } qualifier && !IsThisTable(qualifier))
        {
            Fail(PoolerErrors.NoSuchTableInFrom(qualifier), SqlStates.UndefinedTable);
            return -1;
        }

        for (int i = 0; i < _columns.Length; i++)
        {
            if (_columns[i].Name == operand.Text)
                return i;
        }

        Fail(PoolerErrors.NoSuchColumn(operand.Qualifier, operand.Text), SqlStates.UndefinedColumn);
        return -1;
    }

    // An alias hides the table's own name.
    private bool IsThisTable(string qualifier) => _statement.Alias is { } alias
        ? qualifier == alias
        : qualifier.Equals(_statement.Table, StringComparison.OrdinalIgnoreCase);

    // The first error is the one that is told.
    private void Fail(string text, string sqlState) => _error ??= new QueryError(text, sqlState);
}
