using Npgsql;
using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Queries;

/// <summary>LISTEN and NOTIFY in session mode.</summary>
public sealed class NotifyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_listener_hears_the_others_while_it_is_idle()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "session"));
        await using NpgsqlConnection listener = await pooler.OpenAsync();
        List<string> heard = [];
        listener.Notification += (_, notification) => heard.Add($"{notification.Channel}:{notification.Payload}");
        await using (NpgsqlCommand listen = new("LISTEN news", listener))
        {
            await listen.ExecuteNonQueryAsync();
        }

        using RawClient speaker = await pooler.LogInAsync();
        await speaker.QueryAsync("NOTIFY news, 'first'");
        using CancellationTokenSource deadline = new(Wait.DefaultTimeout);
        await listener.WaitAsync(deadline.Token);
        await speaker.QueryAsync("NOTIFY news, 'second'");
        await listener.WaitAsync(deadline.Token);
        Assert.Equal(["news:first", "news:second"], heard);
    }

    [Fact]
    public async Task The_next_session_on_the_server_does_not_listen_any_more()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "session"), ("default_pool_size", "1"));
        using (RawClient listener = await pooler.LogInAsync())
        {
            await listener.QueryAsync("LISTEN gossip");
            await listener.SendAsync(FrontendMessages.Terminate());
        }

        using RawClient next = await pooler.LogInAsync();
        Assert.Empty((await next.QueryAsync("SELECT pg_listening_channels()")).Rows);
        await postgres.Cluster.ScalarAsync("NOTIFY gossip, 'not for the next'");
        Assert.Equal("TDCZ", (await next.QueryAsync("SELECT 1")).Types);
    }
}
