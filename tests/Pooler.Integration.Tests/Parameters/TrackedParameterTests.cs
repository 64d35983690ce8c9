using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Parameters;

/// <summary>Each client keeps its own parameters although all of them share one server.</summary>
public sealed class TrackedParameterTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Parameters_of_the_startup_packet_follow_the_client()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient first = await pooler.LogInAsync(
            parameters: [("client_encoding", "LATIN1"), ("application_name", "first"), ("TimeZone", "Asia/Tokyo"), ("DateStyle", "German")]);
        using RawClient second = await pooler.LogInAsync(
            parameters: [("client_encoding", "UTF8"), ("application_name", "it's \"second\""), ("TimeZone", "America/New_York")]);
        string? server = (await first.QueryAsync("SELECT pg_backend_pid()")).Scalar;
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal("LATIN1", (await first.QueryAsync("SHOW client_encoding")).Scalar);
            Assert.Equal("it's \"second\"", (await second.QueryAsync("SHOW application_name")).Scalar);
            Assert.Equal("first", (await first.QueryAsync("SHOW application_name")).Scalar);
            Assert.Equal("America/New_York", (await second.QueryAsync("SHOW TimeZone")).Scalar);
            Assert.Equal("Asia/Tokyo", (await first.QueryAsync("SHOW TimeZone")).Scalar);
            Assert.Equal("UTF8", (await second.QueryAsync("SHOW client_encoding")).Scalar);
            Assert.Equal("German, DMY", (await first.QueryAsync("SHOW DateStyle")).Scalar);
            Assert.Equal("ISO, MDY", (await second.QueryAsync("SHOW DateStyle")).Scalar);
        }

        Assert.Equal(server, (await second.QueryAsync("SELECT pg_backend_pid()")).Scalar);
    }

    [Fact]
    public async Task A_value_that_a_client_sets_later_follows_it_too()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient first = await pooler.LogInAsync();
        using RawClient second = await pooler.LogInAsync(parameters: ("application_name", "untouched"));
        await first.QueryAsync("SET application_name = 'changed'");
        await first.QueryAsync("SET standard_conforming_strings = off");
        Assert.Equal("untouched", (await second.QueryAsync("SHOW application_name")).Scalar);
        Assert.Equal("on", (await second.QueryAsync("SHOW standard_conforming_strings")).Scalar);
        Assert.Equal("changed", (await first.QueryAsync("SHOW application_name")).Scalar);
        Assert.Equal("off", (await first.QueryAsync("SHOW standard_conforming_strings")).Scalar);
    }

    [Fact]
    public async Task Answers_to_the_first_query_are_the_clients_own_only()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient first = await pooler.LogInAsync(parameters: ("application_name", "one"));
        using RawClient second = await pooler.LogInAsync(parameters: ("application_name", "two"));
        await first.QueryAsync("SELECT 1");

        // The SET that moves the server from one client to the next must not be visible.
        QueryResult result = await second.QueryAsync("SELECT 2");
        Assert.Equal("TDCZ", result.Types.Replace("S", string.Empty, StringComparison.Ordinal));
        Assert.Equal("2", result.Scalar);
        await second.SendAsync(
            FrontendMessages.Parse(string.Empty, "SELECT 3"), FrontendMessages.Bind(string.Empty, string.Empty),
            FrontendMessages.Execute(string.Empty), FrontendMessages.Sync());
        Assert.Equal("12DCZ", (await second.ReadResultAsync()).Types);
    }

    [Fact]
    public async Task The_welcome_has_the_servers_parameters_and_the_clients_values()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync(parameters: ("application_name", "me"));
        Assert.Equal((string?)await postgres.Cluster.ScalarAsync("SHOW server_version"), client.Parameters["server_version"]);
        Assert.Equal("UTF8", client.Parameters["server_encoding"]);
        Assert.Equal("on", client.Parameters["integer_datetimes"]);
        Assert.Equal("me", client.Parameters["application_name"]);
        Assert.Equal("ISO, MDY", client.Parameters["DateStyle"]);
        Assert.Equal(8, client.CancelKey.Length);
    }

    [Fact]
    public async Task A_client_learns_its_value_when_the_server_reports_one()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync();
        QueryResult result = await client.QueryAsync("SET TimeZone = 'Asia/Tokyo'");
        Assert.Equal("CSZ", result.Types);
    }

    private Task<PoolerProcess> StartAsync() =>
        PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "transaction"), ("default_pool_size", "1"));
}
