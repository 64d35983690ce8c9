namespace Pooler.Actors.Wire;

/// <summary>The words for a <see cref="ReplicationMode"/>.</summary>
internal static class ReplicationModes
{
    /// <summary>The value of the startup parameter, which log lines show too.</summary>
    public static string StartupValue(ReplicationMode mode) => mode switch
    {
        ReplicationMode.Physical => "yes",
        ReplicationMode.Logical => "database",
        _ => "no",
    };

    /// <summary>What the console's lists show.</summary>
    public static string Word(ReplicationMode mode) => mode switch
    {
        ReplicationMode.Physical => "physical",
        ReplicationMode.Logical => "logical",
        _ => "none",
    };
}
