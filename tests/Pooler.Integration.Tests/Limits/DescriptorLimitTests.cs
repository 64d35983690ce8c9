using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Limits;

/// <summary>A process that may open far fewer descriptors than its settings ask for.</summary>
public sealed class DescriptorLimitTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int OpenFiles = 300;

    [Fact]
    public async Task At_the_limit_the_log_says_so_and_those_who_are_there_go_on()
    {
        await using PoolerProcess pooler = await StartAsync(("default_pool_size", "5"), ("max_client_conn", "1000"));
        await pooler.WaitForLogAsync($"LOG kernel file descriptor limit: {OpenFiles} \\(hard: {OpenFiles}\\); max_client_conn: 1000, max expected fd use: ");
        await pooler.WaitForLogAsync("WARNING kernel file descriptor limit is too low for max_client_conn: .* max_client_conn is 1000$");

        (List<RawClient> clients, RawClient outside, Task login) = await FillAsync(pooler);
        for (int i = 0; i < clients.Count; i += 10)
        {
            Assert.Equal("1", (await clients[i].QueryAsync("SELECT 1")).Scalar);
        }

        // The next look at who waits to be accepted comes after the pause, not before; then there is room.
        Assert.Equal(1, pooler.Log().Count(line => line.Contains("accept() failed", StringComparison.Ordinal)));
        clients.ForEach(client => client.Dispose());
        await login;
        Assert.Equal("2", (await outside.QueryAsync("SELECT 2")).Scalar);
        outside.Dispose();
        Assert.False(pooler.HasExited);
    }

    [Fact]
    public async Task Servers_that_cannot_be_opened_for_want_of_descriptors_are_named_and_clients_share_the_others()
    {
        await using PoolerProcess pooler = await StartAsync(("default_pool_size", "80"), ("max_client_conn", "1000"));
        (List<RawClient> clients, RawClient outside, Task login) = await FillAsync(pooler);
        List<RawClient> busy = clients[..60];
        List<Task<QueryResult>> begun = [.. busy.Select(client => client.QueryAsync("BEGIN"))];
        await pooler.WaitForLogAsync("WARNING S-.* cannot connect: Too many open files");
        Task<QueryResult>[] first = [.. begun.Where(task => task.IsCompleted)];
        Assert.InRange(first.Length, 10, 59);

        // Every transaction that ends makes room for one that waits.
        await Task.WhenAll(busy.Zip(begun).Select(async pair =>
        {
            Assert.Equal(["BEGIN"], (await pair.Second).Tags);
            Assert.Equal(["COMMIT"], (await pair.First.QueryAsync("COMMIT")).Tags);
        }));
        clients.ForEach(client => client.Dispose());
        await login;
        outside.Dispose();
        Assert.False(pooler.HasExited);
    }

    [Fact]
    public async Task A_limit_on_clients_that_is_raised_beyond_it_is_warned_of()
    {
        await using PoolerProcess pooler = await StartAsync(("max_client_conn", "50"));
        Assert.DoesNotContain(pooler.Log(), line => line.Contains("too low", StringComparison.Ordinal));
        await pooler.AdminAsync("SET max_client_conn = 100000");
        await pooler.WaitForLogAsync("WARNING kernel file descriptor limit is too low for max_client_conn: .* max_client_conn is 100000$");
    }

    /// <summary>Opens clients until one is not let in any more; its login goes on when there is room.</summary>
    private static async Task<(List<RawClient> Clients, RawClient Outside, Task Login)> FillAsync(PoolerProcess pooler)
    {
        List<RawClient> clients = [];
        while (true)
        {
            RawClient client = await pooler.ConnectAsync();
            Task login = client.LogInAsync("bouncer", "app");
            await Wait.UntilAsync(() => login.IsCompleted || HasPaused(pooler), "the client is in or accepting pauses");
            if (!login.IsCompleted)
            {
                return (clients, client, login);
            }

            await login;
            clients.Add(client);
        }
    }

    private static bool HasPaused(PoolerProcess pooler) =>
        pooler.Log().Any(line => line.Contains("accept() failed: Too many open files, suspending accept for 5 seconds", StringComparison.Ordinal));

    private Task<PoolerProcess> StartAsync(params (string Key, string? Value)[] settings)
    {
        PoolerOptions options = PoolerOptions.For(postgres.Cluster, [("pool_mode", "transaction"), .. settings]);
        options.OpenFiles = OpenFiles;
        return PoolerProcess.StartAsync(options);
    }
}
