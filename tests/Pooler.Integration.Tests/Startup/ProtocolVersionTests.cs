using Npgsql;
using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Startup;

/// <summary>Protocol 3.2 towards clients, and towards a server that may speak an older one.</summary>
public sealed class ProtocolVersionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int Version32 = 196610;

    [SkippableTheory]
    [InlineData("3.0", FrontendMessages.Version30, 8)]
    [InlineData("3.0", Version32, 36)]
    [InlineData("3.2", FrontendMessages.Version30, 8)]
    [InlineData("3.2", Version32, 36)]
    public async Task Queries_run_and_are_cancelled(string ofServers, int ofClient, int keyLength)
    {
        await Requires.PoolerAsync();
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "transaction"), ("server_protocol_version", ofServers));
        using RawClient client = await pooler.ConnectAsync();
        await client.SendAsync(FrontendMessages.Startup(ofClient, ("user", "bouncer"), ("database", "app")));
        await client.FinishLoginAsync("bouncer", string.Empty);
        Assert.Equal(keyLength, client.CancelKey.Length);
        string sql = $"SELECT pg_sleep(60), '{ofServers} and {ofClient}'";
        await client.SendAsync(FrontendMessages.Query(sql));
        await ServerActivity.RunningAsync(postgres.Cluster, sql);
        using RawClient canceller = await pooler.ConnectAsync();
        await canceller.SendAsync(FrontendMessages.CancelRequest(client.CancelKey));
        Assert.Equal("57014", Assert.Single((await client.ReadResultAsync()).Errors).SqlState);
        Assert.Equal("1", (await client.QueryAsync("SELECT 1")).Scalar);
    }

    [SkippableFact]
    public async Task The_version_for_servers_can_be_changed_while_it_runs()
    {
        await Requires.PoolerAsync();
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "transaction"));
        Assert.Empty((await pooler.AdminAsync("SET server_protocol_version = '3.2'")).Errors);
        await using NpgsqlConnection connection = await pooler.OpenAsync(more: "No Reset On Close=true;");
        await using NpgsqlCommand command = new("SELECT 1", connection);
        Assert.Equal(1, await command.ExecuteScalarAsync());
        Assert.NotEmpty((await pooler.AdminAsync("SET server_protocol_version = '3.1'")).Errors);
    }
}
