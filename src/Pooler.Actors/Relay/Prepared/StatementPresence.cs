namespace Pooler.Actors.Relay.Prepared;

/// <summary>Whether a server has a statement when the next request comes to it.</summary>
internal enum StatementPresence
{
    /// <summary>It has not.</summary>
    Absent,

    /// <summary>It may have it, or an outdated one: it has to be closed before it is parsed.</summary>
    Uncertain,

    /// <summary>It has.</summary>
    Ready,
}
