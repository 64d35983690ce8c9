namespace Pooler.Actors.Admin;

/// <summary>What has to be collected for a SHOW.</summary>
[Flags]
internal enum SnapshotParts
{
    /// <summary>Settings and the pooler's own state, which are at hand.</summary>
    None = 0,

    /// <summary>Pools with their servers and counters, and the states of databases.</summary>
    Pools = 1,

    /// <summary>Clients of all loops and consoles.</summary>
    Clients = 2,

    /// <summary>What averages are measured from.</summary>
    Statistics = 4,

    /// <summary>The name cache.</summary>
    Dns = 8,
}
