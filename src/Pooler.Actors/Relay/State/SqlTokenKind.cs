namespace Pooler.Actors.Relay.State;

/// <summary>What a piece of an SQL text is.</summary>
internal enum SqlTokenKind : byte
{
    /// <summary>The text is over, or the rest of it is an unfinished quotation.</summary>
    End,

    /// <summary>A key word or a name without quotes.</summary>
    Word,

    /// <summary>A name in double quotes.</summary>
    QuotedName,

    /// <summary>A string constant in any form.</summary>
    Text,
    Number,

    /// <summary>A parameter like $1.</summary>
    Parameter,

    /// <summary>One character of anything else.</summary>
    Symbol,
}
