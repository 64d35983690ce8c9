using Pooler.Actors.Pools;
using Pooler.Actors.Tests.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Pools;

/// <summary>max_db_connections and max_user_connections: who has to close a server for whom, who waits, and in which order.</summary>
public sealed class ConnectionLimitTests
{
    [Fact]
    public void TheServerThatHasRestedLongestMakesRoom()
    {
        using var pooler = new ScriptedPooler("max_db_connections = 2");
        pooler.Login("user").Run("select 1", pooler.Servers[0]);
        pooler.RunFor(1);
        pooler.Login("other").Run("select 1", pooler.Servers[1]);
        pooler.RunFor(1);
        pooler.Login("third").Run("select 1", pooler.Servers[2]);
        Assert.True(pooler.Servers[0].IsGone);
        Assert.False(pooler.Servers[1].IsGone);
        Assert.Single(pooler.Log, line => line.Contains("closing because: evicted", StringComparison.Ordinal));
    }

    [Fact]
    public void AUsersLimitHoldsOverAllDatabasesAndForNobodyElse()
    {
        using var pooler = new ScriptedPooler("max_user_connections = 1", "db = host=10.0.0.1\ntwo = host=10.0.0.1");
        pooler.Login("user").Run("select 1", pooler.Servers[0]);
        pooler.Login("other").Run("select 1", pooler.Servers[1]);
        pooler.Login("user", "two").Run("select 1", pooler.Servers[2]);
        Assert.True(pooler.Servers[0].IsGone);
        Assert.False(pooler.Servers[1].IsGone);
    }

    [Fact]
    public void BothLimitsAtOnceMayCostTwoServers()
    {
        using var pooler = new ScriptedPooler("max_db_connections = 1\nmax_user_connections = 1", "db = host=10.0.0.1\ntwo = host=10.0.0.1");
        pooler.Login("user").Run("select 1", pooler.Servers[0]);
        pooler.Login("other", "two").Run("select 1", pooler.Servers[1]);
        pooler.Login("user", "two").Run("select 1", pooler.Servers[2]);
        Assert.True(pooler.Servers[0].IsGone);
        Assert.True(pooler.Servers[1].IsGone);
    }

    [Fact]
    public void WhoFindsNoIdleServerGetsTheNextOneThatBecomesIdle()
    {
        using var pooler = new ScriptedPooler("max_db_connections = 1");
        var holder = pooler.Login("user");
        holder.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        var waiting = pooler.Connect();
        waiting.SendStartup("other");
        pooler.RunFor(5);
        Assert.Single(pooler.Servers);
        holder.Run("commit", pooler.Servers[0]);

        // At once, not with the next sweep.
        pooler.Settle();
        Assert.Equal(2, pooler.Servers.Count);
        waiting.Expect("Z");
    }

    [Fact]
    public void PoolsThatWaitForOneAnothersServersAllGetTheirTurn()
    {
        using var pooler = new ScriptedPooler("max_db_connections = 1\ndefault_pool_size = 1");
        var clients = new[] { "user", "other", "third" }.Select(user => pooler.Connect()).ToArray();
        clients[0].SendStartup("user");
        clients[0].Expect("Z");
        clients[0].Query("select 0");
        pooler.Settle();
        clients[1].SendStartup("other");
        pooler.Settle();
        clients[2].SendStartup("third");
        pooler.RunFor(2);
        Assert.Single(pooler.Servers);
        pooler.Servers[0].Serve("select 0");
        clients[0].Query("select 00");
        clients[1].Expect("Z");
        Assert.Contains("user other", pooler.Servers[1].Startup, StringComparison.Ordinal);
        clients[2].Expect("Z");
        Assert.Contains("user third", pooler.Servers[2].Startup, StringComparison.Ordinal);
        pooler.Until(() => pooler.Servers.Count == 4 && pooler.Servers[3].Startup.Length > 0);
        Assert.Contains("user user", pooler.Servers[3].Startup, StringComparison.Ordinal);
        pooler.Servers[3].Serve("select 00");
        clients[0].Expect("Z");
    }

    [Fact]
    public void AServerOnWhichOwnClientsWaitIsNotGivenAway()
    {
        using var pooler = new ScriptedPooler("max_db_connections = 1\ndefault_pool_size = 1");
        var (first, second) = (pooler.Login("user"), pooler.Login("user"));
        first.Query("select 1");
        pooler.Settle();
        second.Query("select 2");
        var other = pooler.Connect();
        other.SendStartup("other");
        pooler.RunFor(2);
        pooler.Servers[0].Serve("select 1");
        pooler.Servers[0].Serve("select 2");
        other.Expect("Z");
        Assert.Equal(2, pooler.Servers.Count);
    }

    [Fact]
    public void AWaiterThatLeavesCostsNobodyAServer()
    {
        using var pooler = new ScriptedPooler("max_db_connections = 1");
        var holder = pooler.Login("user");
        holder.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        var leaving = pooler.Connect();
        leaving.SendStartup("other");
        pooler.RunFor(2);
        leaving.Peer.Reset();
        pooler.Settle();
        holder.Run("commit", pooler.Servers[0]);
        pooler.RunFor(2);
        Assert.Single(pooler.Servers);
        Assert.False(pooler.Servers[0].IsGone);
    }

    [Fact]
    public void MinPoolSizeTakesNothingAwayFromOthers()
    {
        using var pooler = new ScriptedPooler("max_db_connections = 2\nmin_pool_size = 2", "db = host=10.0.0.1");
        pooler.Login("user");
        pooler.RunFor(2);
        Assert.Equal(2, pooler.Servers.Count);
        var other = pooler.Login("other");
        pooler.RunFor(5);
        Assert.Equal(3, pooler.Servers.Count);
        other.Run("select 1", pooler.Servers[2]);
        Assert.Single(pooler.Servers, server => server.IsGone);
    }

    [Fact]
    public void ACancelRequestNeedsNoRoom()
    {
        using var pooler = new ScriptedPooler("max_db_connections = 1\nmax_user_connections = 1");
        var client = pooler.Login("user");
        client.Query("select 1");
        pooler.Servers[0].Expect("Q");
        client.Cancel();
        pooler.Until(() => pooler.Servers.Count == 2);
        pooler.Settle();
        Assert.Equal(pooler.Servers[0].Key, pooler.Servers[1].CancelKey);
    }

    [Fact]
    public void FailedLoginsGiveTheirPlacesBack()
    {
        using var pooler = new ScriptedPooler("max_db_connections = 1\nserver_login_retry = 1\nserver_connect_timeout = 2");
        pooler.OnLogin = server => server.Send(writer => writer.WriteFatal("no", "28000"));
        for (var i = 0; i < 3; i++)
        {
            var refused = pooler.Connect();
            refused.SendStartup("user");
            refused.ExpectEnd();
            pooler.RunFor(2);
        }

        pooler.OnLogin = _ => { };
        var silent = pooler.Connect();
        silent.SendStartup("user");
        pooler.Until(() => pooler.Servers[^1].IsGone);
        silent.Peer.Reset();
        pooler.RefuseConnections();
        pooler.RunFor(5);
        pooler.Listen("10.0.0.1");
        pooler.OnLogin = null;
        pooler.Login("other").Run("select 1", pooler.Servers[^1]);
    }

    [Fact]
    public void APoolThatFailsGivesItsPlacesBack()
    {
        using var pooler = new ScriptedPooler("max_db_connections = 2\ndefault_pool_size = 2");
        var (first, second) = (pooler.Login("user"), pooler.Login("user"));
        first.Query("select 1");
        second.Query("select 2");
        pooler.Until(() => pooler.Servers.Count == 2);
        var waiting = pooler.Connect();
        waiting.SendStartup("other");
        pooler.RunFor(1);
        pooler.Tell("pools/*", new Released(null!));
        pooler.Until(() => pooler.Servers[0].IsGone && pooler.Servers[1].IsGone);
        waiting.Expect("Z");
        pooler.Login("third");
        Assert.Equal(4, pooler.Servers.Count);
    }

    [Fact]
    public void AHigherLimitLetsWaitersIn()
    {
        using var pooler = new ScriptedPooler("max_db_connections = 1");
        pooler.Login("user").Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        var waiting = pooler.Connect();
        waiting.SendStartup("other");
        pooler.RunFor(1);
        pooler.Reload("max_db_connections = 2", "db = host=10.0.0.1");
        waiting.Expect("Z");
        Assert.False(pooler.Servers[0].IsGone);
    }

    [Fact]
    public void TheLimitOfTheDatabaseLineCountsForThatDatabaseAlone()
    {
        using var pooler = new ScriptedPooler("", "db = host=10.0.0.1 max_db_connections=1\ntwo = host=10.0.0.1");
        foreach (var database in new[] { "db", "two" })
        {
            pooler.Login("user", database).Run("select 1", pooler.Servers[^1]);
            pooler.Login("other", database).Run("select 1", pooler.Servers[^1]);
        }

        Assert.Equal([true, false, false, false], pooler.Servers.Select(server => server.IsGone));
    }

    [Fact]
    public void AReplacedServerIsClosedBeforeItsSuccessorOpens()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1");
        var holder = pooler.Login();
        holder.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        pooler.Reload("default_pool_size = 1", "db = host=10.0.0.1 connect_query='select 1'");
        var joining = pooler.Connect();
        joining.SendStartup();
        pooler.RunFor(3);
        Assert.Single(pooler.Servers);
        holder.Run("commit", pooler.Servers[0]);
        pooler.Until(() => pooler.Servers.Count == 2);
        pooler.Servers[1].Serve("select 1");
        joining.Expect("Z");
        Assert.True(pooler.Servers[0].IsGone);
    }
}
