namespace Pooler.Actors.Supervision;

/// <summary>
/// What a client counts as from its startup packet to its end. All clients of the same names share one object, so that a client pays for a reference only.
/// </summary>
internal sealed class ClientPlace(string? database, string? user)
{
    /// <summary>The database; null: there is none of that name.</summary>
    public string? Database { get; } = database;

    /// <summary>The login user; null: nobody knows it.</summary>
    public string? User { get; } = user;

    /// <summary>How many clients share it; <see cref="ClientCounts"/>' alone.</summary>
    internal int Clients { get; set; }
}
