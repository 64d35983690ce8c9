namespace Pooler.Actors.Transport;

/// <summary>
/// What of the process's descriptors connections may take. The rest is the runtime's, which opens files when it first needs a part of the program and ends the
/// process where it cannot; and clients leave some for servers, without which nobody is served. The kernel gives out the lowest number that is free, so a number
/// tells how many are in use at least. Immutable.
/// </summary>
/// <param name="Limit">Descriptors that the process may have open at a time.</param>
public sealed record DescriptorBudget(long Limit)
{
    /// <summary>Numbers below the limit that no client gets.</summary>
    public const int LeftByClients = 64;

    /// <summary>Numbers below the limit that no connection at all gets.</summary>
    public const int LeftByServers = 32;

    /// <summary>For where the limit is far away or unknown.</summary>
    public static DescriptorBudget Unlimited { get; } = new(long.MaxValue);

    /// <summary>True if a client may have this one.</summary>
    public bool IsForClients(int descriptor) => descriptor < Limit - LeftByClients;

    /// <summary>True if a server may have this one.</summary>
    public bool IsForServers(int descriptor) => descriptor < Limit - LeftByServers;
}
