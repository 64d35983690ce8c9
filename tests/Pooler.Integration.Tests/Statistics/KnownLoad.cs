namespace Pooler.Integration.Tests.Statistics;

/// <summary>Something that a client does, and what the counters must say of it.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Run">Does it over a client that is logged in.</param>
/// <param name="Logins">client_login_count.</param>
/// <param name="Queries">query_count.</param>
/// <param name="Transactions">xact_count.</param>
/// <param name="Assignments">server_assignment_count outside session mode, if it is not the number of transactions.</param>
/// <param name="AtLeast">query_time and xact_time at the least, microseconds.</param>
internal sealed record KnownLoad(
    string Name, Func<CountingClient, Task> Run, int Logins, int Queries = 0, int Transactions = 0, int? Assignments = null, long AtLeast = 0)
{
    public override string ToString() => Name;
}
