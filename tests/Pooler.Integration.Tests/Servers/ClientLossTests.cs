using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Servers;

/// <summary>Clients that vanish: what happens to the server they had and to the others.</summary>
public sealed class ClientLossTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task The_server_of_a_client_that_left_in_peace_is_used_again()
    {
        await using PoolerProcess pooler = await StartAsync("session");
        string? server;
        using (RawClient client = await pooler.LogInAsync())
        {
            server = (await client.QueryAsync("SELECT pg_backend_pid()")).Scalar;
            await client.SendAsync(FrontendMessages.Terminate());
        }

        await pooler.WaitForLogAsync("closing because: client close request");
        using RawClient next = await pooler.LogInAsync();
        Assert.Equal(server, (await next.QueryAsync("SELECT pg_backend_pid()")).Scalar);
    }

    [Fact]
    public async Task A_client_that_hangs_up_without_a_word_leaves_a_clean_server_behind()
    {
        await using PoolerProcess pooler = await StartAsync("session");
        string? server;
        using (RawClient client = await pooler.LogInAsync())
        {
            server = (await client.QueryAsync("SELECT pg_backend_pid()")).Scalar;
        }

        await pooler.WaitForLogAsync("closing because: client unexpected eof");
        using RawClient next = await pooler.LogInAsync();
        Assert.Equal(server, (await next.QueryAsync("SELECT pg_backend_pid()")).Scalar);
    }

    [Theory]
    [InlineData("session", false)]
    [InlineData("transaction", false)]
    [InlineData("transaction", true)]
    public async Task The_server_of_a_client_that_vanished_in_a_transaction_is_closed(string mode, bool reset)
    {
        string table = $"vanished_{mode}_{reset}";
        await postgres.Cluster.ScalarAsync($"CREATE TABLE {table} (n int)");
        await using PoolerProcess pooler = await StartAsync(mode);
        RawClient client = await pooler.LogInAsync();
        await client.QueryAsync($"BEGIN; INSERT INTO {table} VALUES (1)");
        string? server = (await client.QueryAsync("SELECT pg_backend_pid()")).Scalar;
        if (reset)
        {
            client.Reset();
        }
        else
        {
            client.Dispose();
        }

        await ServerActivity.GoneAsync(postgres.Cluster, server);
        using RawClient next = await pooler.LogInAsync();
        Assert.NotEqual(server, (await next.QueryAsync("SELECT pg_backend_pid()")).Scalar);
        Assert.Equal("0", (await next.QueryAsync($"SELECT count(*) FROM {table}; DROP TABLE {table}")).Scalar);
    }

    [Fact]
    public async Task The_server_of_a_client_that_vanished_in_a_query_is_never_given_to_another()
    {
        await using PoolerProcess pooler = await StartAsync("transaction");
        RawClient client = await pooler.LogInAsync();
        await client.SendAsync(FrontendMessages.Query("SELECT pg_sleep(5), 'for the one who left'"));
        int server = await ServerActivity.RunningAsync(postgres.Cluster, "SELECT pg_sleep(5), 'for the one who left'");
        client.Dispose();
        using RawClient next = await pooler.LogInAsync();
        QueryResult result = await next.QueryAsync("SELECT pg_backend_pid()");
        Assert.NotEqual($"{server}", result.Scalar);
        await ServerActivity.TerminateAsync(postgres.Cluster, $"{server}");
    }

    [Fact]
    public async Task A_waiting_client_that_vanishes_does_not_keep_the_server_from_the_next()
    {
        await using PoolerProcess pooler = await StartAsync("transaction");
        using RawClient holder = await pooler.LogInAsync();
        await holder.QueryAsync("BEGIN");
        RawClient waiting = await pooler.LogInAsync();
        await waiting.SendAsync(FrontendMessages.Query("SELECT 'nobody reads this'"));
        await Wait.UntilAsync(async () => await pooler.PoolCountAsync("cl_waiting") == 1, "the client waits");
        using RawClient next = await pooler.LogInAsync();
        await next.SendAsync(FrontendMessages.Query("SELECT 'next'"));
        await Wait.UntilAsync(async () => await pooler.PoolCountAsync("cl_waiting") == 2, "two clients wait");
        waiting.Reset();
        await holder.QueryAsync("COMMIT");
        Assert.Equal("next", (await next.ReadResultAsync()).Scalar);
        await Wait.UntilAsync(async () => await pooler.PoolCountAsync("cl_active") == 2, "the one that vanished is forgotten");
    }

    [Fact]
    public async Task A_client_that_vanishes_in_the_middle_of_a_message_harms_nobody()
    {
        await using PoolerProcess pooler = await StartAsync("transaction");
        for (int i = 0; i < 10; i++)
        {
            RawClient rude = await pooler.LogInAsync();
            byte[] query = FrontendMessages.Query("SELECT 'a query that never becomes whole'");
            await rude.SendAsync(query[..(query.Length - 1 - i)]);
            rude.Reset();
        }

        using RawClient next = await pooler.LogInAsync();
        Assert.Equal("fine", (await next.QueryAsync("SELECT 'fine'")).Scalar);
    }

    [Fact]
    public async Task A_client_that_vanishes_while_a_large_result_comes_takes_its_server_along()
    {
        await using PoolerProcess pooler = await StartAsync("transaction");
        RawClient client = await pooler.LogInAsync();
        string? server = (await client.QueryAsync("SELECT pg_backend_pid()")).Scalar;
        await client.SendAsync(FrontendMessages.Query("SELECT repeat('x', 1000) FROM generate_series(1, 1000000)"));
        for (int i = 0; i < 1000; i++)
        {
            await client.ReadAsync();
        }

        client.Reset();
        await ServerActivity.GoneAsync(postgres.Cluster, server);
        using RawClient next = await pooler.LogInAsync();
        Assert.Equal("fine", (await next.QueryAsync("SELECT 'fine'")).Scalar);
    }

    private Task<PoolerProcess> StartAsync(string mode) =>
        PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", mode), ("default_pool_size", "1"));
}
