using Pooler.Actors.Admin;
using Pooler.Actors.Supervision;
using Pooler.Actors.Tests.Supervision;

namespace Pooler.Actors.Tests.Pools;

/// <summary>pool_idle_timeout, and the databases of "*": when they come, when they are shown, when they go.</summary>
public sealed class PoolRetirementTests
{
    private const string Stars = "* = host=10.0.0.1";

    [Fact]
    public void APoolWithoutClientsAndServersIsForgotten()
    {
        using var pooler = new ScriptedPooler("pool_idle_timeout = 5\nserver_idle_timeout = 2");
        var client = pooler.Login();
        client.Run("select 1", pooler.Servers[0]);
        pooler.RunFor(20);
        Assert.Equal(1, Pools(pooler).PoolCount);
        Assert.True(pooler.Servers[0].IsGone);
        client.Send(writer => writer.WriteTerminate());
        pooler.RunFor(4);
        Assert.Equal(1, Pools(pooler).PoolCount);
        pooler.RunFor(2);
        Assert.Equal(0, Pools(pooler).PoolCount);
        Assert.Contains(pooler.Log, line => line.EndsWith("cleaning up idle pool for user user on db db because: pool idle timeout (age= 5s)", StringComparison.Ordinal));
        var next = pooler.Login();
        next.Run("select 2", pooler.Servers[^1]);
        Assert.Equal(1, pooler.Answer<PoolCollected>(new CollectPools(7)).Pool.Statistics.QueryCount);
    }

    [Fact]
    public void APoolWithServersIsNotIdle()
    {
        using var pooler = new ScriptedPooler("pool_idle_timeout = 2\nserver_idle_timeout = 0");
        pooler.Login().Peer.Reset();
        pooler.RunFor(30);
        Assert.Equal(1, Pools(pooler).PoolCount);
    }

    [Fact]
    public void APoolThatIsToBeWarmIsKept()
    {
        using var pooler = new ScriptedPooler("pool_idle_timeout = 2\nmin_pool_size = 1\nserver_login_retry = 100", "db = host=10.0.0.1 user=boss");
        pooler.RefuseConnections();
        pooler.RunFor(1);
        foreach (var server in pooler.Servers)
        {
            server.Peer.Reset();
        }

        pooler.RunFor(30);
        Assert.Equal(1, Pools(pooler).PoolCount);
    }

    [Fact]
    public void WithoutThePoolIdleTimeoutPoolsAreKept()
    {
        using var pooler = new ScriptedPooler("server_idle_timeout = 1");
        pooler.Login().Peer.Reset();
        pooler.RunFor(10_000);
        Assert.Equal(1, Pools(pooler).PoolCount);
    }

    [Fact]
    public void AnAutomaticDatabaseIsShownWhileItIsInUseAndGoesAfterItsTimeout()
    {
        using var pooler = new ScriptedPooler("autodb_idle_timeout = 5\nserver_idle_timeout = 2", Stars);
        var client = pooler.Login("user", "made");
        Assert.Single(pooler.Log, line => line.EndsWith("registered new auto-database: made", StringComparison.Ordinal));
        pooler.RunFor(20);
        Assert.Equal(new DatabaseSnapshot("made"), Assert.Single(Pools(pooler).Databases));
        client.Send(writer => writer.WriteTerminate());
        pooler.RunFor(1.5);
        Assert.Empty(Pools(pooler).Databases);
        Assert.Equal(1, Pools(pooler).PoolCount);

        // Someone comes in time: it is the same database.
        pooler.Login("user", "made").Send(writer => writer.WriteTerminate());
        Assert.Equal(new DatabaseSnapshot("made"), Assert.Single(Pools(pooler).Databases));
        pooler.RunFor(6);
        Assert.Empty(Pools(pooler).Databases);
        Assert.DoesNotContain(pooler.Log, IsDropped);
        pooler.RunFor(5);
        Assert.Single(pooler.Log, IsDropped);
        Assert.Equal(0, Pools(pooler).PoolCount);
        pooler.Login("user", "made");
        Assert.Equal(2, pooler.Log.Count(line => line.EndsWith("registered new auto-database: made", StringComparison.Ordinal)));
    }

    [Fact]
    public void OneOfSeveralPoolsIsEnoughToKeepTheDatabase()
    {
        using var pooler = new ScriptedPooler("autodb_idle_timeout = 3\nserver_idle_timeout = 1", Stars);
        pooler.Login("user", "made");
        pooler.Login("other", "made").Peer.Reset();
        pooler.RunFor(20);
        Assert.DoesNotContain(pooler.Log, IsDropped);
        Assert.Equal(new DatabaseSnapshot("made"), Assert.Single(Pools(pooler).Databases));
    }

    [Fact]
    public void ThePoolsOfAnAutomaticDatabaseMayGoBeforeIt()
    {
        using var pooler = new ScriptedPooler("autodb_idle_timeout = 20\npool_idle_timeout = 2\nserver_idle_timeout = 1", Stars);
        pooler.Login("user", "made").Peer.Reset();
        pooler.RunFor(10);
        Assert.Equal(0, Pools(pooler).PoolCount);
        pooler.Login("user", "made").Peer.Reset();
        Assert.Single(pooler.Log, line => line.EndsWith("registered new auto-database: made", StringComparison.Ordinal));
        pooler.RunFor(15);
        Assert.DoesNotContain(pooler.Log, IsDropped);
        pooler.RunFor(10);
        Assert.Single(pooler.Log, IsDropped);
    }

    [Fact]
    public void APausedOneIsKept()
    {
        using var pooler = new ScriptedPooler("autodb_idle_timeout = 3\nserver_idle_timeout = 1", Stars);
        pooler.Tell(ActorNames.Pools, new PausePools(1, "made"));
        pooler.RunFor(20);
        Assert.DoesNotContain(pooler.Log, IsDropped);
        Assert.Single(pooler.Log, line => line.EndsWith("registered new auto-database: made", StringComparison.Ordinal));
        pooler.Tell(ActorNames.Pools, new ResumePools(2, "made"));
        pooler.RunFor(2);
        Assert.Single(pooler.Log, IsDropped);
    }

    [Fact]
    public void WithoutATimeoutItStays()
    {
        using var pooler = new ScriptedPooler("autodb_idle_timeout = 0\nserver_idle_timeout = 1", Stars);
        pooler.Login("user", "made").Peer.Reset();
        pooler.RunFor(10_000);
        Assert.DoesNotContain(pooler.Log, IsDropped);
        Assert.Equal(1, Pools(pooler).PoolCount);
    }

    [Fact]
    public void ANewStarReplacesTheServersOfItsDatabases()
    {
        using var pooler = new ScriptedPooler("", Stars);
        var client = pooler.Login("user", "made");
        client.Run("select 1", pooler.Servers[0]);
        pooler.Reload("", "* = host=10.0.0.1 timezone=UTC");
        pooler.Until(() => pooler.Servers[0].IsGone, 1);
        client.Query("select 2");
        pooler.Until(() => pooler.Servers.Count == 2);
        pooler.Servers[1].Serve("select 2");
        Assert.Contains("timezone UTC", pooler.Servers[1].Startup, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutTheStarItsDatabasesGo()
    {
        using var pooler = new ScriptedPooler("", "db = host=10.0.0.1\n" + Stars);
        var client = pooler.Login("user", "made");
        pooler.Login();
        pooler.Reload("", "db = host=10.0.0.1");
        Assert.Equal("database removed", client.ExpectEnd());
        Assert.Single(pooler.Log, IsDropped);
        Assert.Equal(1, Pools(pooler).PoolCount);
        var late = pooler.Connect();
        late.SendStartup("user", "made");
        Assert.Equal("no such database: made", late.ExpectEnd());
    }

    [Fact]
    public void ADatabaseThatAReloadBringsIsWarmAtOnce()
    {
        using var pooler = new ScriptedPooler("min_pool_size = 2");
        pooler.Reload("min_pool_size = 2", "db = host=10.0.0.1\nnew = host=10.0.0.1 user=boss");
        pooler.RunFor(3);
        Assert.Equal(2, pooler.Servers.Count);
        Assert.All(pooler.Servers, server => Assert.Contains("user boss", server.Startup, StringComparison.Ordinal));
    }

    private static bool IsDropped(string line) =>
        line.EndsWith("dropping database 'made' as it does not exist anymore or inactive auto-database", StringComparison.Ordinal);

    private static PoolsAnnounced Pools(ScriptedPooler pooler) => pooler.Answer<PoolsAnnounced>(new CollectPools(5));
}
