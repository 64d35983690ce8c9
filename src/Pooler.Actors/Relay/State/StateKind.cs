namespace Pooler.Actors.Relay.State;

/// <summary>What a session can leave in its server beyond the end of a transaction.</summary>
internal enum StateKind : byte
{
    /// <summary>A parameter that was SET for the session.</summary>
    Setting,

    /// <summary>A channel of LISTEN.</summary>
    Listen,

    /// <summary>An advisory lock that was taken for the session.</summary>
    AdvisoryLock,

    /// <summary>A temporary table, view or sequence, or anything else in pg_temp.</summary>
    TemporaryObject,

    /// <summary>A cursor WITH HOLD.</summary>
    HeldCursor,

    /// <summary>A statement of PREPARE, or of a Parse message that the pooler does not rewrite.</summary>
    PreparedStatement,

    /// <summary>A library that was loaded; it cannot be unloaded.</summary>
    Library,
}
