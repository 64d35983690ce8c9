using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Logging;

/// <summary>What the log says, and does not say, about clients that come and go.</summary>
public sealed class ClientLogTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_user_whom_nobody_knows_is_named()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster);
        await Assert.ThrowsAsync<ServerErrorException>(() => pooler.LogInAsync("stranger"));
        await pooler.WaitForLogAsync(@" LOG C-0x[0-9a-f]+: .*no such user: stranger$");
    }

    [Fact]
    public async Task A_client_that_leaves_before_it_has_logged_in_is_not_worth_a_line()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster);
        using (RawClient silent = await pooler.ConnectAsync())
        {
            await silent.SendAsync(FrontendMessages.Startup(("user", "bouncer"), ("database", "app")));
            await silent.ReadAsync();
        }

        using (RawClient wary = await pooler.ConnectAsync())
        {
            await wary.SendAsync(FrontendMessages.SslRequest());
            Assert.Equal('N', await wary.ReadByteAsync());
        }

        using (RawClient client = await pooler.LogInAsync())
        {
            await client.QueryAsync("SELECT 1");
        }

        // The first client's socket was closed before the second one's was made, so its line would stand before this one.
        await pooler.WaitForLogAsync("closing because: client unexpected eof");
        Assert.Single(pooler.Log(), line => line.Contains("closing because: client unexpected eof", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_end_that_does_not_wait_for_the_clients_is_no_error_of_theirs()
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("pool_mode", "transaction"));
        using RawClient client = await pooler.LogInAsync();
        await client.QueryAsync("SELECT 1");
        await pooler.SignalAsync("INT");
        Assert.Equal(0, await pooler.WaitForExitAsync());
        Assert.DoesNotContain(pooler.Log(), line => line.Contains(" ERROR ", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task The_consoles_own_user_name_is_for_the_own_account_only()
    {
        await Requires.VersionAsync(1, 25);
        Skip.IfNot(Environment.UserName == "root", "The test and the pooler run under one account.");
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster);
        using RawClient client = await pooler.ConnectUnixAsync();
        ServerErrorException exception = await Assert.ThrowsAsync<ServerErrorException>(() => client.LogInAsync("pgbouncer", "pgbouncer", "guess"));
        Assert.Equal("\"trust\" authentication failed", exception.Fields.Message);
    }
}
