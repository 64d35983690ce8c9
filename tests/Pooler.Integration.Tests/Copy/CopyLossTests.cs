using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Copy;

/// <summary>A COPY of which one side is lost in the middle: nothing of it is committed, and its server is nobody else's.</summary>
public sealed class CopyLossTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly byte[] Row = FrontendMessages.CopyData("1\n"u8);

    [Theory]
    [InlineData("copy_loss_whole", "between messages")]
    [InlineData("copy_loss_part", "in the middle of a message")]
    [InlineData("copy_loss_terminate", "with Terminate")]
    [InlineData("copy_loss_reset", "by a reset")]
    public async Task A_client_that_is_lost_while_it_sends_leaves_nothing_behind(string table, string how)
    {
        await postgres.Cluster.ScalarAsync($"CREATE TABLE {table} (n int)");
        await using PoolerProcess pooler = await StartAsync();
        RawClient client = await pooler.LogInAsync();
        string? server = (await client.QueryAsync("SELECT pg_backend_pid()")).Scalar;
        await client.SendAsync(FrontendMessages.Query($"COPY {table} FROM STDIN"));
        Assert.Equal('G', (await client.ReadAsync())!.Type);
        await client.SendAsync(Row, Row);
        if (how == "in the middle of a message")
        {
            await client.SendAsync(Row[..^1]);
        }
        else if (how == "with Terminate")
        {
            await client.SendAsync(FrontendMessages.Terminate());
        }

        if (how == "by a reset")
        {
            client.Reset();
        }
        else
        {
            client.Dispose();
        }

        await ServerActivity.GoneAsync(postgres.Cluster, server);
        using RawClient next = await pooler.LogInAsync();
        Assert.Equal("0", (await next.QueryAsync($"SELECT count(*) FROM {table}; DROP TABLE {table}")).Scalar);
        Assert.NotEqual(server, (await next.QueryAsync("SELECT pg_backend_pid()")).Scalar);
    }

    [Fact]
    public async Task A_client_that_is_lost_while_it_receives_takes_its_server_along()
    {
        await using PoolerProcess pooler = await StartAsync();
        RawClient client = await pooler.LogInAsync();
        string? server = (await client.QueryAsync("SELECT pg_backend_pid()")).Scalar;
        await client.SendAsync(FrontendMessages.Query("COPY (SELECT repeat('x', 1000) FROM generate_series(1, 1000000)) TO STDOUT"));
        for (int i = 0; i < 100; i++)
        {
            await client.ReadAsync();
        }

        client.Dispose();
        await ServerActivity.GoneAsync(postgres.Cluster, server);
        using RawClient next = await pooler.LogInAsync();
        Assert.Equal("fine", (await next.QueryAsync("SELECT 'fine'")).Scalar);
    }

    [Theory]
    [InlineData("COPY (SELECT repeat('x', 1000), pg_sleep(0.001) FROM generate_series(1, 1000000)) TO STDOUT", 'H')]
    [InlineData("CREATE TEMP TABLE lost (n int); COPY lost FROM STDIN", 'G')]
    public async Task A_server_that_is_lost_ends_its_client_with_both_reasons(string sql, char begin)
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync();
        string? server = (await client.QueryAsync("SELECT pg_backend_pid()")).Scalar;
        await client.SendAsync(FrontendMessages.Query(sql));
        BackendMessage message;
        do
        {
            message = (await client.ReadAsync())!;
        }
        while (message.Type != begin);

        await ServerActivity.TerminateAsync(postgres.Cluster, server);
        QueryResult result = await client.ReadResultAsync();
        Assert.Equal(["57P01", "08P01"], result.Errors.Select(error => error.SqlState));
        Assert.Null(result.Status);
        using RawClient next = await pooler.LogInAsync();
        Assert.Equal("fine", (await next.QueryAsync("SELECT 'fine'")).Scalar);
    }

    private Task<PoolerProcess> StartAsync() =>
        PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "transaction"), ("default_pool_size", "1"));
}
