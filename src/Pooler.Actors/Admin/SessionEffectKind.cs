namespace Pooler.Actors.Admin;

/// <summary>What a command changes in the session that gave it.</summary>
internal enum SessionEffectKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A transaction is open, as drivers see it; commands take effect at once nevertheless.</summary>
    BeginTransaction,

    /// <summary>No transaction is open.</summary>
    EndTransaction,

    /// <summary>All prepared statements and portals are gone, and so is the transaction.</summary>
    DiscardAll,

    /// <summary>All portals are gone.</summary>
    CloseAll,

    /// <summary>All prepared statements are gone.</summary>
    DeallocateAll,

    /// <summary>One prepared statement is gone.</summary>
    Deallocate,
}
