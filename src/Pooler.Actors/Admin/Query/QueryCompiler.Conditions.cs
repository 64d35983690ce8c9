using System.Collections.Immutable;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin.Query;

/// <content>Conditions: both sides of a comparison get types that can be compared.</content>
internal sealed partial class QueryCompiler
{
    private const int MaxPattern = 1000;

    private QueryCondition<BoundOperand> Bind(QueryCondition<QueryOperand> condition)
    {
        var bound = new QueryCondition<BoundOperand>(condition.Kind)
        {
            Operator = condition.Operator,
            IgnoresCase = condition.IgnoresCase,
            Children = [.. condition.Children.Select(Bind)],
        };
        if (condition.Operands.IsEmpty)
            return bound;

        ImmutableArray<BoundOperand> operands = condition.Kind switch
        {
            QueryConditionKind.Like => BindLike(condition),
            QueryConditionKind.IsNull => [Settle(Bind(condition.Operands[0]), PostgresTypes.Text)],
            _ => BindComparison(condition),
        };
        bound = bound with { Operands = operands };
        return condition.Kind == QueryConditionKind.In && operands.Skip(1).All(operand => operand is { Column: < 0, Parameter: < 0 })
            ? bound with { Members = [.. operands.Skip(1).Select(operand => operand.Constant)] }
            : bound;
    }

    private ImmutableArray<BoundOperand> BindComparison(QueryCondition<QueryOperand> condition)
    {
        string sign = condition.Kind == QueryConditionKind.In ? "=" : condition.Operator;
        ImmutableArray<BoundOperand> operands = [.. condition.Operands.Select(Bind)];

        // The first type that is known is that of all that are open; where none is, they are texts.
        int known = operands.Select(operand => operand.TypeOid).FirstOrDefault(type => type != QueryTypes.Unknown, PostgresTypes.Text);
        BoundOperand left = Settle(operands[0], known);
        ImmutableArray<BoundOperand>.Builder settled = ImmutableArray.CreateBuilder<BoundOperand>();
        settled.Add(left);
        foreach (BoundOperand operand in operands.Skip(1))
        {
            BoundOperand right = Settle(operand, left.TypeOid);
            if (!QueryTypes.AreComparable(left.TypeOid, right.TypeOid))
                Fail(PoolerErrors.NoSuchOperator(QueryTypes.NameOf(left.TypeOid), sign, QueryTypes.NameOf(right.TypeOid)), SqlStates.UndefinedFunction);
            settled.Add(right);
        }

        return settled.ToImmutable();
    }

    private ImmutableArray<BoundOperand> BindLike(QueryCondition<QueryOperand> condition)
    {
        BoundOperand value = Settle(Bind(condition.Operands[0]), PostgresTypes.Text);
        BoundOperand pattern = Settle(Bind(condition.Operands[1]), PostgresTypes.Text);
        if (!QueryTypes.IsText(value.TypeOid) || !QueryTypes.IsText(pattern.TypeOid))
        {
            string sign = condition.IgnoresCase ? "~~*" : "~~";
            Fail(PoolerErrors.NoSuchOperator(QueryTypes.NameOf(value.TypeOid), sign, QueryTypes.NameOf(pattern.TypeOid)), SqlStates.UndefinedFunction);
        }

        if (pattern.Constant.Text is { Length: > MaxPattern })
            Fail(PoolerErrors.PatternTooLong, SqlStates.ProgramLimitExceeded);

        return [value, pattern];
    }
}
