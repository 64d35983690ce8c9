namespace Pooler.Actors.Relay.Prepared;

/// <summary>What a <see cref="StatementRewriter"/> made of a request.</summary>
internal enum StatementStep
{
    /// <summary>It names no statement: it goes on as it is.</summary>
    Unnamed,

    /// <summary>It is entered, and what goes to the server is written.</summary>
    Taken,

    /// <summary>The client breaks a rule; the text says which.</summary>
    Broken,

    /// <summary>What it names depends on answers that are not there yet: it is to be given again when they are.</summary>
    Waiting,
}
