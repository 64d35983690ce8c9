using Npgsql;
using Pooler.Testing;
using Pooler.Testing.Postgres;

namespace Pooler.Integration.Tests.Fixtures;

/// <summary>What PostgreSQL itself says about its sessions, so that tests wait for facts of the server and not of the pooler under test.</summary>
internal static class ServerActivity
{
    /// <summary>Waits until a session runs exactly this statement and returns its process id.</summary>
    public static async Task<int> RunningAsync(PostgresCluster cluster, string sql)
    {
        int pid = 0;
        await using NpgsqlConnection connection = await cluster.OpenAsync();
        await Wait.UntilAsync(
            async () =>
            {
                await using NpgsqlCommand command = new("SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query = $1", connection);
                command.Parameters.Add(new NpgsqlParameter { Value = sql });
                pid = await command.ExecuteScalarAsync() as int? ?? 0;
                return pid != 0;
            },
            $"the server runs {sql}");
        return pid;
    }

    /// <summary>Waits until that session is gone.</summary>
    public static async Task GoneAsync(PostgresCluster cluster, string? pid)
    {
        await using NpgsqlConnection connection = await cluster.OpenAsync();
        await Wait.UntilAsync(
            async () =>
            {
                await using NpgsqlCommand command = new("SELECT count(*) FROM pg_stat_activity WHERE pid = $1::int", connection);
                command.Parameters.Add(new NpgsqlParameter { Value = int.Parse(pid!, System.Globalization.CultureInfo.InvariantCulture) });
                return await command.ExecuteScalarAsync() is 0L;
            },
            $"server process {pid} is gone");
    }

    public static Task TerminateAsync(PostgresCluster cluster, string? pid) => cluster.ScalarAsync($"SELECT pg_terminate_backend({pid}, 10000)");
}
