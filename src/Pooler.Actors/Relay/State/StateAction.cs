namespace Pooler.Actors.Relay.State;

/// <summary>What a statement does to the state of a session.</summary>
internal enum StateAction : byte
{
    /// <summary>Brings something about; without a name nobody knows what.</summary>
    Add,

    /// <summary>Removes what has this name.</summary>
    Remove,

    /// <summary>Removes everything of its kind.</summary>
    RemoveAll,

    /// <summary>RESET ALL, which leaves role and session_authorization alone.</summary>
    ResetAll,

    /// <summary>Takes one advisory lock with every row of its result.</summary>
    LockPerRow,

    /// <summary>Takes one advisory lock with every row that says true.</summary>
    TryLockPerRow,

    /// <summary>Gives one advisory lock back with every row that says true.</summary>
    UnlockPerRow,

    /// <summary>Runs a statement of PREPARE, with whatever that does.</summary>
    Execute,
    Savepoint,
    RollbackToSavepoint,
    ReleaseSavepoint,
}
