namespace Pooler.Actors.Admin.Query;

/// <summary>A value as it stands in a query.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The column, the aggregate's column, or the value.</param>
/// <param name="Qualifier">What stood before the column's point; null: nothing.</param>
/// <param name="Parameter">The number of a parameter, from 1.</param>
internal sealed record QueryOperand(QueryOperandKind Kind, string Text = "", string? Qualifier = null, int Parameter = 0)
{
    public bool IsAggregate => Kind >= QueryOperandKind.CountRows;
}
