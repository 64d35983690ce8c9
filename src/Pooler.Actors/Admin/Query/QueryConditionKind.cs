namespace Pooler.Actors.Admin.Query;

/// <summary>What a <see cref="QueryCondition{T}"/> asks.</summary>
internal enum QueryConditionKind
{
    /// <summary>All children hold.</summary>
    And,

    /// <summary>A child holds.</summary>
    Or,

    /// <summary>The child does not hold.</summary>
    Not,

    /// <summary>The first operand compares with the second as the operator says.</summary>
    Compare,

    /// <summary>The first operand fits the pattern that the second one is.</summary>
    Like,

    /// <summary>The first operand equals one of the others.</summary>
    In,

    /// <summary>The operand is NULL.</summary>
    IsNull,
}
