namespace Pooler.Actors.Relay.Prepared;

/// <summary>What a <see cref="StatementChange"/> is about.</summary>
internal enum StatementChangeKind : byte
{
    /// <summary>The server parses the statement; the client, if it asked, has a name for it.</summary>
    Parsed,

    /// <summary>The server closes the statement.</summary>
    Closed,

    /// <summary>The client has a name for a statement that the server has already.</summary>
    Named,

    /// <summary>The client gave its name up; the change holds the reference.</summary>
    Unnamed,

    /// <summary>The client gives its name up by a command, which the server carries out or will; the change holds the reference.</summary>
    Deallocated,

    /// <summary>The server describes the statement; the client, if it asked, goes by the types of its parameters and by its result from then on.</summary>
    Described,

    /// <summary>The server describes a portal of the statement; the client knows its result then.</summary>
    PortalDescribed,

    /// <summary>The client would read the rows as what they are not any more: the server is made to refuse the request.</summary>
    Outdated,
}
