using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Statistics;

/// <summary>What a client may do, each by its name, with what it must add to the counters. Every load opens and ends its own connections.</summary>
internal static class KnownLoads
{
    private static readonly byte[] Extended =
    [
        .. FrontendMessages.Parse("", "SELECT 1"), .. FrontendMessages.Bind("", ""), .. FrontendMessages.Execute(""),
    ];

    /// <summary>The loads that mean the same in every pool mode.</summary>
    public static IReadOnlyList<KnownLoad> All { get; } =
    [
        new("login", Logins: 1, Run: _ => Task.CompletedTask),
        new("one query", Queries: 1, Transactions: 1, Logins: 1, Run: client => AnswersAsync(client, 1, FrontendMessages.Query("SELECT 1"))),
        new("an empty query", Queries: 1, Transactions: 1, Logins: 1, Run: client => AnswersAsync(client, 1, FrontendMessages.Query(""))),
        new("several statements in a query", Queries: 1, Transactions: 1, Logins: 1, Run: client => AnswersAsync(client, 1, FrontendMessages.Query("SELECT 1; SELECT 2; SELECT 3"))),
        new("a failing query", Queries: 1, Transactions: 1, Logins: 1, Run: client => AnswersAsync(client, 1, FrontendMessages.Query("SELECT 1/0"))),
        new("ten queries in turn", Queries: 10, Transactions: 10, Logins: 1, Run: async client =>
        {
            for (int i = 0; i < 10; i++)
            {
                await AnswersAsync(client, 1, FrontendMessages.Query($"SELECT {i}"));
            }
        }),
        new("ten queries at once", Queries: 1, Transactions: 1, Logins: 1, Run: client =>
            AnswersAsync(client, 10, Repeat(10, FrontendMessages.Query("SELECT 1")))),
        new("extended protocol", Queries: 1, Transactions: 1, Logins: 1, Run: client => AnswersAsync(client, 1, Extended, FrontendMessages.Sync())),
        new("ten extended queries with a Sync each, at once", Queries: 1, Transactions: 1, Logins: 1, Run: client =>
            AnswersAsync(client, 10, Repeat(10, [.. Extended, .. FrontendMessages.Sync()]))),
        new("ten extended queries with one Sync", Queries: 1, Transactions: 1, Logins: 1, Run: client =>
            AnswersAsync(client, 1, [.. Repeat(10, Extended), FrontendMessages.Sync()])),
        new("a batch that fails in the middle", Queries: 1, Transactions: 1, Logins: 1, Run: client =>
            AnswersAsync(client, 1, Extended, FrontendMessages.Parse("", "SELECT 1/0"), FrontendMessages.Bind("", ""), FrontendMessages.Execute(""), Extended, FrontendMessages.Sync())),
        new("a lone Sync", Queries: 1, Transactions: 1, Logins: 1, Run: client => AnswersAsync(client, 1, FrontendMessages.Sync())),
        new("named statements", Queries: 3, Transactions: 3, Logins: 1, Run: async client =>
        {
            // With max_prepared_statements off nothing of them is counted.
            await AnswersAsync(client, 1, FrontendMessages.Parse("counted", "SELECT 1"), FrontendMessages.Sync());
            await AnswersAsync(client, 1, FrontendMessages.Bind("", "counted"), FrontendMessages.Execute(""), FrontendMessages.Sync());
            await AnswersAsync(client, 1, FrontendMessages.CloseStatement("counted"), FrontendMessages.Sync());
        }),
        new("COPY to the client", Queries: 1, Transactions: 1, Logins: 1, Run: client =>
            AnswersAsync(client, 1, FrontendMessages.Query("COPY (SELECT generate_series(1, 1000)) TO STDOUT"))),
        new("COPY from the client", Queries: 1, Transactions: 1, Logins: 1, Run: client => CopyAsync(client, FrontendMessages.CopyDone())),
        new("COPY that the client gives up", Queries: 1, Transactions: 1, Logins: 1, Run: client => CopyAsync(client, FrontendMessages.CopyFail("no more"))),
        new("a megabyte each way", Queries: 2, Transactions: 2, Logins: 1, Run: async client =>
        {
            await AnswersAsync(client, 1, FrontendMessages.Query("SELECT repeat('x', 1000000)"));
            await AnswersAsync(client, 1, FrontendMessages.Query($"SELECT length('{new string('y', 1_000_000)}')"));
        }),
        new("half a second of work", Queries: 1, Transactions: 1, Logins: 1, AtLeast: 500_000, Run: client =>
            AnswersAsync(client, 1, FrontendMessages.Query("SELECT pg_sleep(0.5)"))),
    ];

    /// <summary>Those with a transaction over several queries, which statement mode does not allow.</summary>
    public static IReadOnlyList<KnownLoad> Transactions { get; } =
    [
        new("a transaction of four queries", Queries: 4, Transactions: 1, Assignments: 1, Logins: 1, AtLeast: 200_000, Run: async client =>
        {
            foreach (string sql in new[] { "BEGIN", "SELECT 1", "SELECT pg_sleep(0.2)", "COMMIT" })
            {
                await AnswersAsync(client, 1, FrontendMessages.Query(sql));
            }
        }),
        new("a transaction that fails", Queries: 3, Transactions: 1, Assignments: 1, Logins: 1, Run: async client =>
        {
            foreach (string sql in new[] { "BEGIN", "SELECT 1/0", "ROLLBACK" })
            {
                await AnswersAsync(client, 1, FrontendMessages.Query(sql));
            }
        }),
    ];

    private static byte[][] Repeat(int count, byte[] message) => [.. Enumerable.Repeat(message, count)];

    private static async Task AnswersAsync(CountingClient client, int readies, params byte[][] messages)
    {
        await client.SendAsync(messages);
        await client.ReadAsync(readies);
    }

    private static async Task CopyAsync(CountingClient client, byte[] end)
    {
        await client.SendAsync(FrontendMessages.Query("COPY counted FROM STDIN"));
        await client.ReadAsync('G');
        await client.SendAsync([.. Enumerable.Repeat(FrontendMessages.CopyData("1\n"u8), 100), end]);
        await client.ReadAsync(1);
    }
}
