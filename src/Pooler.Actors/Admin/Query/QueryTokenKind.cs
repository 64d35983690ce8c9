namespace Pooler.Actors.Admin.Query;

/// <summary>What a <see cref="QueryToken"/> is.</summary>
internal enum QueryTokenKind
{
    /// <summary>Behind the last token.</summary>
    End,

    /// <summary>A bare word: a keyword or a name, folded to lower case.</summary>
    Word,

    /// <summary>A name in double quotes, as written.</summary>
    QuotedName,

    /// <summary>A text in single quotes, without them.</summary>
    Text,

    /// <summary>Digits with at most one point.</summary>
    Number,

    /// <summary>$n; the text is n.</summary>
    Parameter,

    /// <summary>An operator or a mark of punctuation.</summary>
    Symbol,
}
