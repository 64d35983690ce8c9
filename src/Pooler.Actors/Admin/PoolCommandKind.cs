namespace Pooler.Actors.Admin;

/// <summary>What <see cref="CommandPools"/> asks of the pools.</summary>
public enum PoolCommandKind
{
    /// <summary>Every server is replaced as soon as it is free. Done at once.</summary>
    Reconnect,

    /// <summary>
    /// Clients and servers go, and the databases are paused, so that whoever comes waits for <see cref="ResumePools"/> of the database. Done when the
    /// pools are gone.
    /// </summary>
    Kill,

    /// <summary>New logins are refused. For one database; done at once.</summary>
    Disable,

    /// <summary>Takes <see cref="Disable"/> back.</summary>
    Enable,

    /// <summary>Nothing but a wait: done when no server is left that has to be replaced.</summary>
    WaitClose,

    /// <summary>Nothing but a question: whether everything may be suspended, which is refused while a database is paused by name.</summary>
    Suspend,
}
