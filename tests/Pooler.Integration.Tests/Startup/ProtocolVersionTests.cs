using Npgsql;
using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Postgres;
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

    [SkippableTheory]
    [InlineData("max_protocol_version=3.0", "3.0")]
    [InlineData("max_protocol_version=3.2", "3.2")]
    [InlineData("min_protocol_version=3.2", "3.2")]
    [InlineData("min_protocol_version=3.2 max_protocol_version=latest", "3.2")]
    [InlineData("", "3.0")]
    public async Task Psql_speaks_the_version_that_it_asks_for(string asked, string version)
    {
        await Requires.PoolerAsync();
        await Requires.ClientAsync("psql", 18);
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "transaction"));
        CommandResult psql = await Command.RunAsync(
            [PostgresBinaries.Client("psql"), "-X", "-At", $"host={pooler.Host} port={pooler.Port} user=bouncer dbname=app {asked}", "-c", "\\conninfo", "-c", "SELECT 'works'"]);
        string[] lines = psql.Succeeded().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains($"Protocol Version|{version}", lines);
        Assert.Equal("works", lines[^1]);
    }

    [SkippableTheory]
    [InlineData(FrontendMessages.Version30)]
    [InlineData(FrontendMessages.Version30, "_pq_.test_protocol_negotiation", "_pq_.more")]
    [InlineData(Version32)]
    [InlineData(Version32, "_pq_.test_protocol_negotiation")]
    [InlineData(Version32 + 1)]
    [InlineData(FrontendMessages.Version30 + 9999, "_pq_.test_protocol_negotiation")]
    public async Task It_is_negotiated_as_with_PostgreSQL(int version, params string[] options)
    {
        await Requires.PoolerAsync();
        await Requires.PostgresAsync(18);
        byte[] startup = FrontendMessages.Startup(version, [("user", "bouncer"), ("database", "app"), .. options.Select(option => (option, ""))]);
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "transaction"));
        using RawClient direct = await RawClient.ConnectAsync(postgres.Cluster.Host, postgres.Cluster.Port);
        using RawClient pooled = await pooler.ConnectAsync();
        Assert.Equal(await NegotiateAsync(direct), await NegotiateAsync(pooled));

        async Task<(string? Negotiation, int KeyLength)> NegotiateAsync(RawClient client)
        {
            await client.SendAsync(startup);
            string? negotiation = null;
            while (await client.ReadAsync() is { } message)
            {
                switch (message.Type)
                {
                    case 'v':
                        negotiation = Convert.ToHexString(message.Body);
                        break;
                    case 'K':
                        return (negotiation, message.Body.Length);
                    default:
                        Assert.NotEqual('E', message.Type);
                        break;
                }
            }

            return (negotiation, 0);
        }
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
