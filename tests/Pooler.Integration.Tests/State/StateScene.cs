using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.State;

/// <summary>A pooler in transaction mode whose session_state_tracking is under test.</summary>
internal static class StateScene
{
    public static Task<PoolerProcess> StartAsync(PostgresCluster cluster, string tracking, params (string Key, string? Value)[] more) =>
        PoolerProcess.StartAsync(PoolerOptions.For(
            cluster,
            [("pool_mode", "transaction"), ("session_state_tracking", tracking), ("default_pool_size", "2"), ("log_pooler_errors", "1"), .. more]));

    /// <summary>Runs a statement in the simple protocol, or in the extended one with an unnamed or a named statement.</summary>
    public static async Task<QueryResult> RunAsync(this RawClient client, string protocol, string sql)
    {
        if (protocol == "simple")
        {
            return await client.QueryAsync(sql);
        }

        string name = protocol == "named" ? $"s{Interlocked.Increment(ref _number)}" : "";
        await client.SendAsync(
            FrontendMessages.Parse(name, sql), FrontendMessages.Bind("", name), FrontendMessages.DescribePortal(""), FrontendMessages.Execute(""), FrontendMessages.Sync());
        return await client.ReadResultAsync();
    }

    /// <summary>The backend that runs the client's next query.</summary>
    public static async Task<string?> ServerAsync(this RawClient client) => (await client.QueryAsync("SELECT pg_backend_pid()")).Scalar;

    public static async Task<string?> PinnedAsync(this PoolerProcess pooler) => (await pooler.AdminAsync("SELECT count(*) FROM pinned")).Scalar;

    private static int _number;
}
