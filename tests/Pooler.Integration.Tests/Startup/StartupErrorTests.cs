using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Startup;

/// <summary>What comes before a login: requests for encryption, odd packets, parameters, and the texts of refusals.</summary>
public sealed class StartupErrorTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    public static TheoryData<string, byte[]> Refusals => new()
    {
        { "no username supplied", FrontendMessages.Startup(("database", "app")) },
        { "unsupported startup parameter: search_path", FrontendMessages.Startup(("user", "bouncer"), ("database", "app"), ("search_path", "x")) },
        { "old V2 protocol not supported", FrontendMessages.Startup(131072, ("user", "bouncer"), ("database", "app")) },
        { "no such database: nowhere", FrontendMessages.Startup(("user", "bouncer"), ("database", "nowhere")) },
        { "unsupported startup parameter in options: work_mem", WithOptions("-c work_mem=1MB") },
        {
            "unsupported options startup parameter: only '-c config=val' and '--config=val' are allowed", WithOptions("-d 5")
        },
        { "bad packet header: '0000000800001234'", FrontendMessages.StartupPacket([0, 0, 0x12, 0x34]) },
    };

    [SkippableTheory]
    [MemberData(nameof(Refusals))]
    public async Task A_refused_startup_is_told_why(string text, byte[] packet)
    {
        if (text.Contains("options", StringComparison.Ordinal))
        {
            await Requires.VersionAsync(1, 20);
        }

        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.ConnectAsync();
        await client.SendAsync(packet);
        BackendMessage? message = await client.ReadAsync();
        while (message is { Type: 'R' })
        {
            message = await client.ReadAsync();
        }

        Assert.Equal('E', message?.Type);
        Assert.Equal(new ErrorFields("FATAL", "08P01", text, null), message!.Error());
        Assert.True(await client.IsClosedAsync());
    }

    [Fact]
    public async Task Encryption_is_declined_and_the_login_goes_on()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.ConnectAsync();
        await client.SendAsync(FrontendMessages.SslRequest());
        Assert.Equal('N', await client.ReadByteAsync());
        await client.SendAsync(FrontendMessages.GssEncRequest());
        Assert.Equal('N', await client.ReadByteAsync());
        await client.LogInAsync("bouncer", "app");
        Assert.Equal("1", (await client.QueryAsync("SELECT 1")).Scalar);
    }

    [SkippableFact]
    public async Task Tls_without_a_request_for_it_is_refused_at_once()
    {
        await Requires.PoolerAsync();
        await Requires.ClientAsync("psql", 17);
        await using PoolerProcess pooler = await StartAsync();
        CommandResult psql = await Command.RunAsync(
            [PostgresBinaries.Client("psql"), "-X", $"host={pooler.Host} port={pooler.Port} user=bouncer dbname=app sslmode=require sslnegotiation=direct", "-c", "SELECT 1"]);
        Assert.Equal(2, psql.ExitCode);
        Assert.Contains("SSL error", psql.Error, StringComparison.Ordinal);
        await pooler.WaitForLogAsync("closing because: bad packet header: '1603");
    }

    [SkippableFact]
    public async Task Bytes_behind_a_request_for_encryption_are_refused()
    {
        await Requires.VersionAsync(1, 17);
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.ConnectAsync();
        await client.SendAsync([.. FrontendMessages.SslRequest(), .. FrontendMessages.Startup(("user", "bouncer"))]);
        Assert.Equal("received unencrypted data after SSL request", (await client.ReadErrorAsync()).Message);
    }

    [SkippableFact]
    public async Task A_newer_minor_version_is_negotiated_down()
    {
        await Requires.VersionAsync(1, 20);
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.ConnectAsync();
        await client.SendAsync(FrontendMessages.Startup(196609, ("user", "bouncer"), ("database", "app"), ("_pq_.novelty", "1")));
        BackendMessage negotiation = (await client.ReadAsync())!;
        Assert.Equal('v', negotiation.Type);
        Assert.Equal(196608, negotiation.Int32());
        Assert.Equal(1, negotiation.Int32(4));
        Assert.Equal("_pq_.novelty\0"u8.ToArray(), negotiation.Body[8..]);
        await client.FinishLoginAsync("bouncer", string.Empty);
        Assert.Equal("1", (await client.QueryAsync("SELECT 1")).Scalar);
    }

    [Fact]
    public async Task Listed_parameters_are_ignored_and_others_are_not()
    {
        await using PoolerProcess pooler = await StartAsync(("ignore_startup_parameters", "extra_float_digits, search_path"));
        using RawClient client = await pooler.LogInAsync(parameters: [("extra_float_digits", "3"), ("search_path", "somewhere")]);
        Assert.Equal("\"$user\", public", (await client.QueryAsync("SHOW search_path")).Scalar);
        using RawClient refused = await pooler.ConnectAsync();
        ErrorFields error = (await Assert.ThrowsAsync<ServerErrorException>(
            () => refused.LogInAsync("bouncer", "app", null, ("geqo", "off")))).Fields;
        Assert.Equal("unsupported startup parameter: geqo", error.Message);
    }

    [Fact]
    public async Task A_missing_database_means_the_users_name()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.ConnectAsync();
        await client.SendAsync(FrontendMessages.Startup(("user", "postgres")));
        await client.FinishLoginAsync("postgres", string.Empty);
        Assert.Equal("postgres", (await client.QueryAsync("SELECT current_database()")).Scalar);
    }

    [Fact]
    public async Task An_unknown_message_after_login_closes_the_client()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync();
        await client.SendAsync(FrontendMessages.Message('~', [1, 2, 3]));
        Assert.Equal(new ErrorFields("FATAL", "08P01", "unknown pkt", null), await client.ReadErrorAsync());
        Assert.True(await client.IsClosedAsync());
    }

    [Fact]
    public async Task Many_clients_may_connect_at_once()
    {
        await using PoolerProcess pooler = await StartAsync(("pool_mode", "transaction"), ("default_pool_size", "5"));
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
        {
            using RawClient client = await pooler.LogInAsync();
            Assert.Equal($"{i}", (await client.QueryAsync($"SELECT {i}")).Scalar);
        }));
    }

    private static byte[] WithOptions(string options) => FrontendMessages.Startup(("user", "bouncer"), ("database", "app"), ("options", options));

    private Task<PoolerProcess> StartAsync(params (string Key, string? Value)[] settings) => PoolerProcess.StartAsync(postgres.Cluster, settings);
}
