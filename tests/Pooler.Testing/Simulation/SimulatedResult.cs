namespace Pooler.Testing.Simulation;

/// <summary>What a run has come to.</summary>
/// <param name="Transactions">Transactions whose answers have all come.</param>
/// <param name="Bytes">Bytes that clients received and compared.</param>
/// <param name="Digest">A number made of every byte that every client received, in order: the same for the same run.</param>
/// <param name="End">Virtual time at the end, microseconds.</param>
/// <param name="Clients">Clients that came.</param>
/// <param name="CutOff">Of these, those that lost their connection.</param>
/// <param name="Logins">Sessions of the server.</param>
/// <param name="Cancelled">Queries that a cancel request has ended.</param>
/// <param name="Interruptions">Messages that came unasked.</param>
/// <param name="Commands">Commands of the operator that were answered.</param>
/// <param name="TableChanges">How often the tables changed.</param>
/// <param name="Refusals">Errors by which clients learnt of that.</param>
internal sealed record SimulatedResult(
    long Transactions, long Bytes, ulong Digest, long End, int Clients, int CutOff, int Logins, int Cancelled, int Interruptions, int Commands, int TableChanges, int Refusals)
{
    internal SimulatedResult(PoolerSimulation simulation, int commands)
        : this(
            simulation.Clients.Sum(client => client.Transactions),
            simulation.Clients.Sum(client => client.ReceivedBytes),
            simulation.Clients.Aggregate(0UL, (digest, client) => (digest * 1_000_003) ^ client.Digest),
            simulation.Network.Now,
            simulation.Clients.Count,
            simulation.Clients.Count(client => client.End is not null),
            simulation.Postgres.Logins,
            simulation.Postgres.Cancelled,
            simulation.Postgres.Interrupts.Received,
            commands,
            simulation.Postgres.SchemaVersion,
            simulation.Clients.Sum(client => client.Refusals))
    {
    }

    /// <summary>Nothing yet.</summary>
    internal static SimulatedResult None { get; } = new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    public static SimulatedResult operator +(SimulatedResult left, SimulatedResult right) => new(
        left.Transactions + right.Transactions,
        left.Bytes + right.Bytes,
        left.Digest ^ right.Digest,
        left.End + right.End,
        left.Clients + right.Clients,
        left.CutOff + right.CutOff,
        left.Logins + right.Logins,
        left.Cancelled + right.Cancelled,
        left.Interruptions + right.Interruptions,
        left.Commands + right.Commands,
        left.TableChanges + right.TableChanges,
        left.Refusals + right.Refusals);
}
