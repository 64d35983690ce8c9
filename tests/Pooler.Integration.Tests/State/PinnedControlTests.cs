using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.State;

/// <summary>Clients that keep their servers, and those who run the pooler.</summary>
public sealed class PinnedControlTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("PAUSE", true)]
    [InlineData("PAUSE", false)]
    [InlineData("WAIT_CLOSE", true)]
    public async Task Who_waits_for_servers_waits_for_those_that_are_kept(string command, bool unlistens)
    {
        await using PoolerProcess pooler = await StateScene.StartAsync(postgres.Cluster, "pin");
        using RawClient owner = await pooler.LogInAsync();
        using RawClient console = await pooler.ConsoleAsync();
        await owner.QueryAsync("LISTEN a");
        string? server = await owner.ServerAsync();
        if (command == "WAIT_CLOSE")
        {
            await console.QueryAsync("RECONNECT");
        }

        await console.SendAsync(FrontendMessages.Query(command));

        // Its queries go on meanwhile, on the same server.
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(server, await owner.ServerAsync());
        }

        Assert.Equal(0, console.Socket.Available);
        if (unlistens)
        {
            await owner.QueryAsync("UNLISTEN *");
        }
        else
        {
            owner.Dispose();
        }

        Assert.Equal(command, Assert.Single((await console.ReadResultAsync()).Tags));
        if (unlistens)
        {
            await pooler.AdminAsync("RESUME");
            Assert.NotEqual(server, await owner.ServerAsync());
        }
    }

    [Fact]
    public async Task No_limit_of_idle_transactions_or_servers_counts_for_one_that_is_kept()
    {
        await using PoolerProcess pooler = await StateScene.StartAsync(
            postgres.Cluster, "pin", ("idle_transaction_timeout", "1"), ("server_lifetime", "1"), ("server_idle_timeout", "1"));
        using RawClient owner = await pooler.LogInAsync();
        using RawClient idle = await pooler.LogInAsync();
        await owner.QueryAsync("LISTEN a");
        string? server = await owner.ServerAsync();

        // Somebody whose transaction is idle is ended, and by then the other one would have been.
        await idle.QueryAsync("BEGIN");
        await idle.ReadErrorAsync();
        Assert.Equal(server, await owner.ServerAsync());
        await owner.QueryAsync("UNLISTEN *");
        Assert.NotEqual(server, await owner.ServerAsync());
    }

    [Fact]
    public async Task A_server_that_ends_takes_its_client_with_it()
    {
        await using PoolerProcess pooler = await StateScene.StartAsync(postgres.Cluster, "pin");
        using RawClient owner = await pooler.LogInAsync();
        using RawClient other = await pooler.LogInAsync("postgres");
        await owner.QueryAsync("LISTEN a");
        string? server = await owner.ServerAsync();
        await other.QueryAsync($"SELECT pg_terminate_backend({server})");
        Assert.Equal("57P01", (await owner.ReadErrorAsync()).SqlState);
        await Wait.UntilAsync(async () => await pooler.PinnedAsync() == "0", "the client is gone");
    }

    [Fact]
    public async Task Whoever_may_look_sees_who_keeps_servers_and_how_many_there_were()
    {
        await using PoolerProcess pooler = await StateScene.StartAsync(postgres.Cluster, "pin", ("default_pool_size", "3"));
        using RawClient first = await pooler.LogInAsync();
        using RawClient second = await pooler.LogInAsync();
        await first.QueryAsync("LISTEN a");
        await second.QueryAsync("LISTEN b");
        await second.QueryAsync("UNLISTEN b");
        using RawClient console = await pooler.ConsoleAsync("stats");
        QueryResult pinned = await console.QueryAsync("SHOW PINNED WHERE database = 'app'");
        Assert.Equal(
            ("C", "bouncer", "LISTEN a", "1", "2"),
            (pinned.Value(0, "type"), pinned.Value(0, "user"), pinned.Value(0, "reasons"), pinned.Value(0, "pool_pinned"), pinned.Value(0, "pool_max_pinned")));
        QueryResult clients = await console.QueryAsync($"SELECT link FROM clients WHERE ptr = '{pinned.Value(0, "ptr")}'");
        Assert.Equal(pinned.Value(0, "server_ptr"), clients.Scalar);
    }
}
