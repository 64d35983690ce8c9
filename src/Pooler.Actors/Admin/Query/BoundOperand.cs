namespace Pooler.Actors.Admin.Query;

/// <summary>A value of a query with its type: a column of the table, a parameter, or a constant.</summary>
/// <param name="TypeOid">Its type; for parameters that of the parameter.</param>
/// <param name="Column">The column's place in the row; -1: none.</param>
/// <param name="Parameter">The parameter's place; -1: none.</param>
/// <param name="Constant">The value where it is neither.</param>
internal readonly record struct BoundOperand(int TypeOid, int Column = -1, int Parameter = -1, QueryValue Constant = default)
{
    public QueryValue Get(string?[] row, IReadOnlyList<QueryValue> parameters)
    {
        if (Column >= 0)
            return QueryValue.OfCell(row[Column], TypeOid);

        return Parameter >= 0 ? parameters[Parameter] : Constant;
    }
}
