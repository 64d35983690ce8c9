namespace Pooler.Actors.Wire;

/// <summary>What the startup parameter replication asks for.</summary>
public enum ReplicationMode
{
    None,

    /// <summary>replication=database.</summary>
    Logical,

    /// <summary>replication=true and its other spellings.</summary>
    Physical,
}
