using System.Collections.Immutable;
using System.Globalization;

namespace Pooler.Actors.Admin.Query;

/// <summary>
/// The grammar of queries over the console's tables. It knows no table and no column. A reader gives null for what it does not
/// understand, and then so does the whole query. Used once, by one thread. The other part of the class reads conditions.
/// </summary>
internal sealed partial class QueryParser
{
    // Words that end a list or a name, so that they are names in double quotes only.
    private static readonly HashSet<string> Reserved =
    [
        "select", "from", "where", "group", "having", "order", "limit", "offset", "and", "or", "not", "in", "is", "null", "like", "ilike", "as", "by",
        "union", "join", "on", "fetch", "for", "distinct", "all", "between", "case",
    ];

    private readonly IReadOnlyList<QueryToken> _tokens;
    private int _position;

    private QueryParser(IReadOnlyList<QueryToken> tokens) => _tokens = tokens;

    private QueryToken Current => _position < _tokens.Count ? _tokens[_position] : default;

    /// <summary>Reads one query with an optional semicolon; null when it is none.</summary>
    public static SelectStatement? Parse(IReadOnlyList<QueryToken> tokens)
    {
        var parser = new QueryParser(tokens);
        SelectStatement? statement = parser.ReadStatement();
        parser.TakeSymbol(";");
        return parser.Current.Kind == QueryTokenKind.End ? statement : null;
    }

    private SelectStatement? ReadStatement()
    {
        SelectStatement? statement = null;
        if (TakeWord("show"))
            statement = TryReadTable(new SelectStatement { Table = "", IsShow = true, Items = [new SelectItem(null)] });
        else if (TakeWord("select"))
            statement = ReadSelect();

        if (statement is null)
            return null;

        if (TakeWord("where"))
        {
            QueryCondition<QueryOperand>? where = ReadCondition(0);
            if (where is null)
                return null;
            statement = statement with { Where = where };
        }

        if (TakeWord("group"))
        {
            if (!TakeWord("by") || ReadList(ReadGroupItem) is not { } group)
                return null;
            statement = statement with { GroupBy = group };
        }

        if (TakeWord("order"))
        {
            if (!TakeWord("by") || ReadList(ReadOrderItem) is not { } order)
                return null;
            statement = statement with { OrderBy = order };
        }

        return ReadLimits(statement);
    }

    private SelectStatement? ReadSelect()
    {
        if (ReadList(ReadSelectItem) is not { } items)
            return null;

        return TakeWord("from") ? TryReadTable(new SelectStatement { Table = "", Items = items }) : null;
    }

    // The table's schema, if there is one, is that of the catalog; the console's tables have none.
    private SelectStatement? TryReadTable(SelectStatement statement)
    {
        if (TakeName() is not { } table)
            return null;
        if (table == "pg_catalog" && TakeSymbol("."))
        {
            if (TakeName() is not { } inner)
                return null;
            table = inner;
        }

        bool hasAs = !statement.IsShow && TakeWord("as");
        string? alias = statement.IsShow ? null : TakeName();
        return hasAs && alias is null ? null : statement with { Table = table, Alias = alias };
    }

    private SelectStatement? ReadLimits(SelectStatement statement)
    {
        while (true)
        {
            if (statement.Limit is null && TakeWord("limit"))
            {
                if (TakeWord("all"))
                    continue;
                if (ReadCount() is not { } limit)
                    return null;
                statement = statement with { Limit = limit };
            }
            else if (statement.Offset is null && TakeWord("offset"))
            {
                if (ReadCount() is not { } offset)
                    return null;
                statement = statement with { Offset = offset };
                _ = TakeWord("rows") || TakeWord("row");
            }
            else
            {
                return statement;
            }
        }
    }

    private SelectItem? ReadSelectItem()
    {
        if (TakeSymbol("*"))
            return new SelectItem(null);
        if (Peek(1).IsSymbol(".") && Peek(2).IsSymbol("*"))
        {
            string? qualifier = TakeName();
            _position += 2;
            return qualifier is null ? null : new SelectItem(null, Qualifier: qualifier);
        }

        if (ReadOperand(takesAggregates: true) is not { } operand)
            return null;

        bool hasAs = TakeWord("as");
        string? alias = hasAs && Current.Kind == QueryTokenKind.Word ? Take().Text : TakeName();
        return hasAs && alias is null ? null : new SelectItem(operand, alias);
    }

    private QueryOperand? ReadGroupItem() =>
        ReadOperand(takesAggregates: false) is { Kind: QueryOperandKind.Column or QueryOperandKind.Number } operand ? operand : null;

    private OrderItem? ReadOrderItem()
    {
        if (ReadOperand(takesAggregates: true) is not { } operand
            || !(operand.IsAggregate || operand.Kind is QueryOperandKind.Column or QueryOperandKind.Number))
        {
            return null;
        }

        bool descending = TakeWord("desc");
        if (!descending)
            TakeWord("asc");
        bool nullsFirst = descending;
        if (TakeWord("nulls"))
        {
            nullsFirst = TakeWord("first");
            if (!nullsFirst && !TakeWord("last"))
                return null;
        }

        return new OrderItem(operand, descending, nullsFirst);
    }

    private QueryOperand? ReadCount() =>
        ReadOperand(takesAggregates: false) is { } operand
        && (operand.Kind == QueryOperandKind.Parameter
            || (operand.Kind == QueryOperandKind.Number && long.TryParse(operand.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)))
            ? operand
            : null;

    private QueryOperand? ReadOperand(bool takesAggregates)
    {
        QueryToken token = Current;
        switch (token.Kind)
        {
            case QueryTokenKind.Text:
                _position++;
                return new QueryOperand(QueryOperandKind.Text, token.Text);
            case QueryTokenKind.Number:
                return ReadNumber("");
            case QueryTokenKind.Symbol when token.Text is "-" or "+":
                _position++;
                return ReadNumber(token.Text == "-" ? "-" : "");
            case QueryTokenKind.Parameter:
                _position++;
                return int.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                    ? new QueryOperand(QueryOperandKind.Parameter, Parameter: number)
                    : null;
            case QueryTokenKind.Word when token.Text == "null":
                _position++;
                return new QueryOperand(QueryOperandKind.Null);
            case QueryTokenKind.Word or QueryTokenKind.QuotedName:
                return ReadColumnOrAggregate(takesAggregates);
            default:
                return null;
        }
    }

    private QueryOperand? ReadNumber(string sign)
    {
        QueryToken token = Current;
        if (token.Kind != QueryTokenKind.Number || !QueryValue.TryNumber(sign + token.Text, out _))
            return null;

        _position++;
        return new QueryOperand(QueryOperandKind.Number, sign + token.Text);
    }

    private QueryOperand? ReadColumnOrAggregate(bool takesAggregates)
    {
        if (Current.Kind == QueryTokenKind.Word && AggregateOf(Current.Text) is { } aggregate && Peek(1).IsSymbol("("))
            return takesAggregates ? ReadAggregate(aggregate) : null;

        return ReadColumn();
    }

    private QueryOperand? ReadAggregate(QueryOperandKind kind)
    {
        _position += 2;
        bool isCount = kind == QueryOperandKind.Count;
        QueryOperand? operand;
        if (isCount && TakeSymbol("*"))
        {
            operand = new QueryOperand(QueryOperandKind.CountRows);
        }
        else if (isCount && Current.Kind is QueryTokenKind.Number or QueryTokenKind.Text)
        {
            // What is never NULL is counted in every row.
            _position++;
            operand = new QueryOperand(QueryOperandKind.CountRows);
        }
        else
        {
            operand = ReadColumn() is { } column ? column with { Kind = kind } : null;
        }

        return TakeSymbol(")") ? operand : null;
    }

    private QueryOperand? ReadColumn()
    {
        if (TakeName() is not { } name)
            return null;
        if (!TakeSymbol("."))
            return new QueryOperand(QueryOperandKind.Column, name);

        return TakeName() is { } column ? new QueryOperand(QueryOperandKind.Column, column, name) : null;
    }

    private static QueryOperandKind? AggregateOf(string word) => word switch
    {
        "count" => QueryOperandKind.Count,
        "sum" => QueryOperandKind.Sum,
        "min" => QueryOperandKind.Min,
        "max" => QueryOperandKind.Max,
        "avg" => QueryOperandKind.Average,
        _ => null,
    };

    private ImmutableArray<T>? ReadList<T>(Func<T?> read)
        where T : class
    {
        ImmutableArray<T>.Builder items = ImmutableArray.CreateBuilder<T>();
        do
        {
            if (read() is not { } item)
                return null;
            items.Add(item);
        }
        while (TakeSymbol(","));

        return items.ToImmutable();
    }

    private QueryToken Peek(int ahead) => _position + ahead < _tokens.Count ? _tokens[_position + ahead] : default;

    private QueryToken Take() => _tokens[_position++];

    private string? TakeName() =>
        Current.Kind == QueryTokenKind.QuotedName || (Current.Kind == QueryTokenKind.Word && !Reserved.Contains(Current.Text)) ? Take().Text : null;

    private bool TakeWord(string word) => TakeIf(Current.IsWord(word));

    private bool TakeSymbol(string symbol) => TakeIf(Current.IsSymbol(symbol));

    private bool TakeIf(bool matches)
    {
        if (matches)
            _position++;
        return matches;
    }
}
