namespace Pooler.Actors.Admin.Query;

/// <summary>One item of ORDER BY; a number is the position of a column of the result.</summary>
internal sealed record OrderItem(QueryOperand Operand, bool IsDescending, bool NullsFirst);
