namespace Pooler.Actors.Admin.Query;

/// <summary>What a <see cref="QueryOperand"/> is.</summary>
internal enum QueryOperandKind
{
    /// <summary>A column.</summary>
    Column,

    /// <summary>A number as written.</summary>
    Number,

    /// <summary>A text in quotes, whose type follows from what it is compared with.</summary>
    Text,

    /// <summary>NULL.</summary>
    Null,

    /// <summary>$n.</summary>
    Parameter,

    /// <summary>count(*).</summary>
    CountRows,

    /// <summary>count(column).</summary>
    Count,

    /// <summary>sum(column).</summary>
    Sum,

    /// <summary>min(column).</summary>
    Min,

    /// <summary>max(column).</summary>
    Max,

    /// <summary>avg(column).</summary>
    Average,
}
