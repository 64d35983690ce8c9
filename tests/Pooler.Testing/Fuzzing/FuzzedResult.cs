namespace Pooler.Testing.Fuzzing;

/// <summary>What fuzzed runs have come to.</summary>
/// <param name="Runs">Their number.</param>
/// <param name="Exchanges">Of the relay alone.</param>
/// <param name="Clients">Hostile clients of simulated poolers.</param>
/// <param name="Received">Bytes that these received.</param>
/// <param name="Said">Bytes that hostile servers have said.</param>
/// <param name="Transactions">Of those who had no part in it.</param>
internal sealed record FuzzedResult(long Runs, long Exchanges, long Clients, long Received, long Said, long Transactions)
{
    /// <summary>Nothing yet.</summary>
    internal static FuzzedResult None { get; } = new(0, 0, 0, 0, 0, 0);

    public static FuzzedResult operator +(FuzzedResult left, FuzzedResult right) => new(
        left.Runs + right.Runs,
        left.Exchanges + right.Exchanges,
        left.Clients + right.Clients,
        left.Received + right.Received,
        left.Said + right.Said,
        left.Transactions + right.Transactions);
}
