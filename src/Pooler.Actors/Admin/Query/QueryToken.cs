namespace Pooler.Actors.Admin.Query;

/// <summary>One word, value or sign of a query.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text without quotes, as <see cref="QueryTokenKind"/> says.</param>
internal readonly record struct QueryToken(QueryTokenKind Kind, string Text)
{
    public bool IsWord(string word) => Kind == QueryTokenKind.Word && Text == word;

    public bool IsSymbol(string symbol) => Kind == QueryTokenKind.Symbol && Text == symbol;
}
