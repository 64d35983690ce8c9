namespace Pooler.Actors.Admin.Query;

/// <summary>Asks conditions of a row, in the logic of SQL: true, false or, for null, unknown.</summary>
internal static class ConditionEvaluator
{
    public static bool? Test(QueryCondition<BoundOperand> condition, string?[] row, IReadOnlyList<QueryValue> parameters)
    {
        switch (condition.Kind)
        {
            case QueryConditionKind.And:
                return TestAll(condition, row, parameters, stop: false);
            case QueryConditionKind.Or:
                return TestAll(condition, row, parameters, stop: true);
            case QueryConditionKind.Not:
                return !Test(condition.Children[0], row, parameters);
            case QueryConditionKind.IsNull:
                return condition.Operands[0].Get(row, parameters).IsNull;
            case QueryConditionKind.In:
                return TestIn(condition, row, parameters);
        }

        QueryValue left = condition.Operands[0].Get(row, parameters);
        QueryValue right = condition.Operands[1].Get(row, parameters);
        if (left.IsNull || right.IsNull)
            return null;

        return condition.Kind == QueryConditionKind.Like
            ? LikePattern.Matches(left.Text ?? "", right.Text ?? "", condition.IgnoresCase)
            : Holds(condition.Operator, QueryValue.Compare(left, right));
    }

    // One child decides; without it, one unknown makes the whole unknown.
    private static bool? TestAll(QueryCondition<BoundOperand> condition, string?[] row, IReadOnlyList<QueryValue> parameters, bool stop)
    {
        bool? result = !stop;
        foreach (QueryCondition<BoundOperand> child in condition.Children)
        {
            bool? test = Test(child, row, parameters);
            if (test == stop)
                return stop;
            if (test is null)
                result = null;
        }

        return result;
    }

    private static bool? TestIn(QueryCondition<BoundOperand> condition, string?[] row, IReadOnlyList<QueryValue> parameters)
    {
        QueryValue value = condition.Operands[0].Get(row, parameters);
        if (value.IsNull)
            return null;
        if (condition.Members is { } members)
            return members.Contains(value) ? true : members.Contains(QueryValue.Null) ? null : false;

        bool? result = false;
        for (int i = 1; i < condition.Operands.Length; i++)
        {
            QueryValue member = condition.Operands[i].Get(row, parameters);
            if (member.IsNull)
                result = null;
            else if (QueryValue.Compare(value, member) == 0)
                return true;
        }

        return result;
    }

    private static bool Holds(string sign, int order) => sign switch
    {
        "=" => order == 0,
        "<>" => order != 0,
        "<" => order < 0,
        "<=" => order <= 0,
        ">" => order > 0,
        _ => order >= 0,
    };
}
