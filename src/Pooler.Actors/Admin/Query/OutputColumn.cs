namespace Pooler.Actors.Admin.Query;

/// <summary>One column that a query computes: shown, or only sorted by.</summary>
/// <param name="Kind">Column, constant, parameter or aggregate.</param>
/// <param name="Name">Its name in the result.</param>
/// <param name="TypeOid">Its type in the result.</param>
/// <param name="Operand">Its value, or what the aggregate takes.</param>
internal sealed record OutputColumn(QueryOperandKind Kind, string Name, int TypeOid, BoundOperand Operand)
{
    public bool IsAggregate => Kind >= QueryOperandKind.CountRows;
}
