namespace Pooler.Actors.Admin.Query;

/// <summary>One item of a SELECT list.</summary>
/// <param name="Operand">Its value; null: all columns (*).</param>
/// <param name="Alias">The name it gets; null: the value's own.</param>
/// <param name="Qualifier">What stood before ".*".</param>
internal sealed record SelectItem(QueryOperand? Operand, string? Alias = null, string? Qualifier = null);
