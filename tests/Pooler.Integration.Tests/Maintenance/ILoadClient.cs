namespace Pooler.Integration.Tests.Maintenance;

/// <summary>
/// A client program that does one transaction after the other until it is stopped. Every transaction inserts one row with its name into the table
/// `done`, so that the servers know what it did and where.
/// </summary>
internal interface ILoadClient : IAsyncDisposable
{
    /// <summary>The value of its rows' column `client`.</summary>
    public string Name { get; }

    /// <summary>What it has met so far, if that was an error.</summary>
    public string? Failure { get; }

    /// <summary>Ends it; returns how many transactions it was told are committed, and throws with what it met if that was an error.</summary>
    public Task<long> StopAsync();
}
