namespace Pooler.Actors.Admin;

/// <summary>What a loop has to bring to rest.</summary>
public enum SuspendStep
{
    /// <summary>No login is under way, nobody waits for a server, and nothing is read from clients.</summary>
    Clients,

    /// <summary>Nothing is read from servers.</summary>
    Servers,
}
