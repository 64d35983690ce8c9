using System.Collections.Immutable;

namespace Pooler.Actors.Admin.Query;

/// <content>Conditions: OR binds less than AND, AND less than NOT.</content>
internal sealed partial class QueryParser
{
    // Deeper nesting is not understood: the readers call themselves.
    private const int MaxDepth = 64;

    private QueryCondition<QueryOperand>? ReadCondition(int depth) => ReadChain("or", QueryConditionKind.Or, depth, ReadConjunction);

    private QueryCondition<QueryOperand>? ReadConjunction(int depth) => ReadChain("and", QueryConditionKind.And, depth, ReadTerm);

    private QueryCondition<QueryOperand>? ReadChain(
        string word, QueryConditionKind kind, int depth, Func<int, QueryCondition<QueryOperand>?> read)
    {
        if (read(depth) is not { } first)
            return null;
        if (!Current.IsWord(word))
            return first;

        ImmutableArray<QueryCondition<QueryOperand>>.Builder children = ImmutableArray.CreateBuilder<QueryCondition<QueryOperand>>();
        children.Add(first);
        while (TakeWord(word))
        {
            if (read(depth) is not { } next)
                return null;
            children.Add(next);
        }

        return new QueryCondition<QueryOperand>(kind) { Children = children.ToImmutable() };
    }

    private QueryCondition<QueryOperand>? ReadTerm(int depth)
    {
        bool negated = false;
        while (TakeWord("not"))
            negated = !negated;

        QueryCondition<QueryOperand>? term;
        if (TakeSymbol("("))
        {
            term = depth < MaxDepth ? ReadCondition(depth + 1) : null;
            if (!TakeSymbol(")"))
                return null;
        }
        else
        {
            term = ReadTest();
        }

        return term is not null && negated ? QueryCondition<QueryOperand>.Not(term) : term;
    }

    private QueryCondition<QueryOperand>? ReadTest()
    {
        if (ReadOperand(takesAggregates: false) is not { } operand)
            return null;

        if (Current.Kind == QueryTokenKind.Symbol && Current.Text is "=" or "<>" or "<" or "<=" or ">" or ">=")
        {
            string sign = Take().Text;
            return ReadOperand(takesAggregates: false) is { } right
                ? new QueryCondition<QueryOperand>(QueryConditionKind.Compare) { Operator = sign, Operands = [operand, right] }
                : null;
        }

        if (TakeWord("is"))
        {
            bool isNot = TakeWord("not");
            return TakeWord("null") ? Negate(isNot, new QueryCondition<QueryOperand>(QueryConditionKind.IsNull) { Operands = [operand] }) : null;
        }

        bool negated = TakeWord("not");
        if (TakeWord("in"))
        {
            if (!TakeSymbol("(") || ReadList(() => ReadOperand(takesAggregates: false)) is not { } members || !TakeSymbol(")"))
                return null;

            return Negate(negated, new QueryCondition<QueryOperand>(QueryConditionKind.In) { Operands = [operand, .. members] });
        }

        bool ignoresCase = Current.IsWord("ilike");
        if ((ignoresCase || Current.IsWord("like")) && Take().Kind == QueryTokenKind.Word && ReadOperand(takesAggregates: false) is { } pattern)
        {
            return Negate(
                negated, new QueryCondition<QueryOperand>(QueryConditionKind.Like) { IgnoresCase = ignoresCase, Operands = [operand, pattern] });
        }

        return null;
    }

    private static QueryCondition<QueryOperand> Negate(bool negated, QueryCondition<QueryOperand> condition) =>
        negated ? QueryCondition<QueryOperand>.Not(condition) : condition;
}
