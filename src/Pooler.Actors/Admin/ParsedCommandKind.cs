namespace Pooler.Actors.Admin;

/// <summary>What <see cref="AdminParser"/> made of a text.</summary>
internal enum ParsedCommandKind
{
    /// <summary>Not of the console's grammar.</summary>
    Invalid,

    /// <summary>Of the grammar, but a word is longer than the console takes.</summary>
    BadArguments,

    /// <summary>A word and perhaps an argument.</summary>
    Command,

    /// <summary>SET with a key and a value.</summary>
    Set,
}
