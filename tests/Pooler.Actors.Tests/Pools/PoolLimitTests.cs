using Pooler.Actors.Tests.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Pools;

/// <summary>How many servers a pool keeps, how long, and what they are asked in between.</summary>
public sealed class PoolLimitTests
{
    [Fact]
    public void AMinimumIsKeptWhileAClientIsThere()
    {
        using var pooler = new ScriptedPooler("min_pool_size = 3\ndefault_pool_size = 5\nserver_idle_timeout = 20");
        pooler.Login();
        pooler.RunFor(3);
        Assert.Equal(3, pooler.Servers.Count);
        pooler.RunFor(60);
        Assert.Equal(3, pooler.Servers.Count);
    }

    [Fact]
    public void ADatabaseWithAForcedUserIsWarmBeforeTheFirstClient()
    {
        using var pooler = new ScriptedPooler("min_pool_size = 2", "db = host=10.0.0.1 user=bob");
        pooler.RunFor(3);
        Assert.Equal(2, pooler.Servers.Count);
    }

    [Fact]
    public void IdleServersBeyondTheMinimumGo()
    {
        using var pooler = new ScriptedPooler("server_idle_timeout = 5");
        pooler.Login();
        pooler.RunFor(4);
        Assert.False(pooler.Servers[0].IsGone);
        pooler.Until(() => pooler.Servers[0].IsGone, 3);
        Assert.Equal("X", pooler.Servers[0].Expect("X"));
    }

    [Fact]
    public void AServerThatIsOldIsReplacedWhenItIsFree()
    {
        using var pooler = new ScriptedPooler("server_lifetime = 5");
        var client = pooler.Login();
        client.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        pooler.RunFor(10);
        Assert.False(pooler.Servers[0].IsGone);
        client.Run("commit", pooler.Servers[0]);
        pooler.Until(() => pooler.Servers[0].IsGone, 1);
        Assert.Contains(pooler.Log, line => line.Contains("closing because: server lifetime over", StringComparison.Ordinal));
    }

    [Fact]
    public void AServerThatHasRestedIsCheckedBeforeItIsUsed()
    {
        using var pooler = new ScriptedPooler("server_check_delay = 2\nserver_check_query = select 'ping'");
        var client = pooler.Login();
        pooler.RunFor(3);
        client.Query("select 1");
        pooler.Servers[0].Expect("Q select 'ping'");
        pooler.Servers[0].Send(writer =>
        {
            writer.WriteErrorResponse("ERROR", "42601", "whatever");
            writer.WriteReadyForQuery(TransactionStatus.Idle);
        });
        pooler.Servers[0].Serve("select 1");
        client.Expect("Z");
    }

    [Fact]
    public void WithoutADelayEveryUseIsPrecededByACheck()
    {
        using var pooler = new ScriptedPooler("server_check_delay = 0\nserver_check_query = select 'ping'\ndefault_pool_size = 1");
        var client = pooler.Login();
        for (var i = 0; i < 3; i++)
        {
            client.Query("select 1");
            pooler.Servers[0].Serve("select 'ping'");
            pooler.Servers[0].Serve("select 1");
            client.Expect("Z");
        }
    }

    [Fact]
    public void AServerThatFailsItsCheckIsReplaced()
    {
        using var pooler = new ScriptedPooler("server_check_delay = 2\nserver_check_query = select 'ping'\ndefault_pool_size = 1");
        var client = pooler.Login();
        pooler.RunFor(3);
        client.Query("select 1");
        pooler.Servers[0].Expect("Q select 'ping'");
        pooler.Servers[0].Peer.Reset();
        pooler.Until(() => pooler.Servers.Count == 2);
        pooler.Servers[1].Serve("select 1");
        client.Expect("Z");
    }

    [Fact]
    public void ASessionsServerIsResetBeforeTheNextClientHasIt()
    {
        using var pooler = new ScriptedPooler("pool_mode = session\ndefault_pool_size = 1");
        var (first, second) = (pooler.Login(), pooler.Login());
        first.Run("select 1", pooler.Servers[0]);
        second.Query("select 2");
        pooler.Settle();
        first.Send(writer => writer.WriteTerminate());
        pooler.Servers[0].Expect("Q DISCARD ALL");
        pooler.Settle();
        Assert.Empty(pooler.Servers[0].Messages);
        pooler.Servers[0].Answer();
        pooler.Servers[0].Serve("select 2");
        second.Expect("Z");
    }

    [Fact]
    public void AFailedResetLeavesNothingToTheNextClient()
    {
        using var pooler = new ScriptedPooler("pool_mode = session\ndefault_pool_size = 1");
        var (first, second) = (pooler.Login(), pooler.Login());
        first.Run("select 1", pooler.Servers[0]);
        second.Query("select 2");
        first.Send(writer => writer.WriteTerminate());
        pooler.Servers[0].Expect("Q DISCARD ALL");
        pooler.Servers[0].Send(writer =>
        {
            writer.WriteErrorResponse("ERROR", "57014", "canceling statement");
            writer.WriteReadyForQuery(TransactionStatus.Idle);
        });
        pooler.Until(() => pooler.Servers.Count == 2);
        pooler.Servers[1].Serve("select 2");
        second.Expect("Z");
    }

    [Fact]
    public void ASmallerPoolClosesWhatIsTooMuch()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 3");
        var clients = Enumerable.Range(0, 3).Select(_ => pooler.Login()).ToArray();
        foreach (var client in clients)
        {
            client.Query("select 1");
            pooler.Settle();
        }

        pooler.Until(() => pooler.Servers.Count == 3);
        for (var i = 0; i < 3; i++)
        {
            pooler.Servers[i].Serve("select 1");
        }

        pooler.Reload("default_pool_size = 1", "db = host=10.0.0.1");
        pooler.Until(() => pooler.Servers.Count(server => server.IsGone) == 2, 2);
    }

    [Fact]
    public void TheHostsOfAListTakeTurns()
    {
        using var pooler = new ScriptedPooler("", "db = host=10.0.0.2,10.0.0.1");
        var client = pooler.Connect();
        client.SendStartup();

        // Nobody listens at the first one.
        client.Expect("Z");
        client.Run("select 1", pooler.Servers[0]);
    }

    [Fact]
    public void ServersOfOneAgeAreReplacedOneAfterTheOther()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 4\nserver_lifetime = 40");
        var clients = OpenServers(pooler, 4);
        pooler.RunFor(39);
        Assert.DoesNotContain(pooler.Servers, server => server.IsGone);

        // A tenth of a lifetime later a quarter of them is gone, and so on.
        pooler.RunFor(2);
        for (var gone = 1; gone <= 4; gone++)
        {
            Assert.Equal(gone, pooler.Servers.Count(server => server.IsGone));
            pooler.RunFor(10);
        }

        Assert.Equal(4, clients.Count);
    }

    [Fact]
    public void ServersOfOneAgeThatAreInUseAreReplacedOneAfterTheOtherToo()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 2\nserver_lifetime = 40");
        var clients = OpenServers(pooler, 2);
        for (var i = 0; i < 2; i++)
        {
            clients[i].Query("begin");
            pooler.Settle();
        }

        pooler.RunFor(50);
        foreach (var server in pooler.Servers)
        {
            server.Serve("begin");
        }

        pooler.Settle();
        Assert.Single(pooler.Servers, server => server.IsGone);
        pooler.RunFor(19);
        Assert.Single(pooler.Servers, server => server.IsGone);
        pooler.Until(() => pooler.Servers.All(server => server.IsGone), 2);
    }

    [Fact]
    public void WithALifetimeOfZeroAServerIsUsedOnce()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1\nserver_lifetime = 0");
        var client = pooler.Login();
        pooler.Until(() => pooler.Servers[0].IsGone, 1);
        for (var i = 1; i <= 3; i++)
        {
            client.Query("select 1");
            pooler.Until(() => pooler.Servers.Count == i + 1);
            pooler.Servers[i].Serve("select 1");
            client.Expect("Z");
            pooler.Until(() => pooler.Servers[i].IsGone, 1);
        }
    }

    [Fact]
    public void ADatabaseMayHaveItsOwnLifetime()
    {
        using var pooler = new ScriptedPooler("server_lifetime = 100", "db = host=10.0.0.1 server_lifetime=5\nother = host=10.0.0.1 server_lifetime=0");
        pooler.Login();
        pooler.Login(database: "other");
        pooler.RunFor(6);
        Assert.True(pooler.Servers[0].IsGone);
        pooler.RunFor(90);
        Assert.False(pooler.Servers[1].IsGone);
        pooler.Until(() => pooler.Servers[1].IsGone, 10);
    }

    [Fact]
    public void WithoutADelayAWaiterGetsACheckedServerToo()
    {
        using var pooler = new ScriptedPooler("server_check_delay = 0\nserver_check_query = select 'ping'\ndefault_pool_size = 1");
        var (first, second) = (pooler.Login(), pooler.Login());
        first.Query("select 1");
        pooler.Settle();
        second.Query("select 2");
        pooler.Servers[0].Serve("select 'ping'");
        pooler.Servers[0].Serve("select 1");
        pooler.Settle();
        Assert.Equal("Q select 'ping'", Assert.Single(pooler.Servers[0].Messages));
        pooler.Servers[0].Serve("select 'ping'");
        pooler.Servers[0].Serve("select 2");
        second.Expect("Z");
    }

    [Fact]
    public void AnOutdatedServerOfASessionGoesWithItsClientAsSoonAsItIsFree()
    {
        const string Settings = "pool_mode = session\nserver_fast_close = 1";
        using var pooler = new ScriptedPooler(Settings);
        var clients = new[] { pooler.Login(), pooler.Login(), pooler.Login() };
        clients[0].Run("select 1", pooler.Servers[0]);
        clients[1].Query("begin");
        pooler.Until(() => pooler.Servers.Count == 2);
        pooler.Servers[1].Serve("begin", TransactionStatus.InTransaction);
        clients[1].Expect("Z");
        pooler.Reload(Settings, "db = host=10.0.0.1 dbname=elsewhere");
        Assert.Equal("database configuration changed", clients[0].ExpectEnd(1));
        pooler.RunFor(5);
        Assert.False(clients[1].IsGone);
        clients[1].Run("commit", pooler.Servers[1]);
        Assert.Equal("database configuration changed", clients[1].ExpectEnd(1));
        pooler.Until(() => pooler.Servers[0].IsGone && pooler.Servers[1].IsGone, 1);

        // Who had no server gets a new one and keeps it.
        clients[2].Query("select 3");
        pooler.Until(() => pooler.Servers.Count == 3);
        pooler.Servers[2].Serve("select 3");
        clients[2].Expect("Z");
        pooler.RunFor(5);
        Assert.False(clients[2].IsGone);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void AnOutdatedServerThatAClientKeepsIsLikeThatOfASession(int fastClose)
    {
        var settings = $"pool_mode = transaction\nsession_state_tracking = pin\nserver_fast_close = {fastClose}";
        using var pooler = new ScriptedPooler(settings);
        var client = pooler.Login();
        client.Run("listen a", pooler.Servers[0]);
        pooler.Reload(settings, "db = host=10.0.0.1 dbname=elsewhere");
        pooler.RunFor(5);
        Assert.Equal(fastClose == 1, client.IsGone);
        Assert.Equal(fastClose == 1, pooler.Servers[0].IsGone);
    }

    [Theory]
    [InlineData("pool_mode = session", false)]
    [InlineData("pool_mode = transaction\nserver_fast_close = 1", true)]
    public void AnOutdatedServerGoesWithoutItsClientOtherwise(string settings, bool isReleased)
    {
        using var pooler = new ScriptedPooler(settings);
        var client = pooler.Login();
        client.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        pooler.Reload(settings, "db = host=10.0.0.1 dbname=elsewhere");
        client.Run("commit", pooler.Servers[0]);
        pooler.RunFor(5);
        Assert.False(client.IsGone);
        Assert.Equal(isReleased, pooler.Servers[0].IsGone);
    }

    [Fact]
    public void AnOutdatedServerThatDoesNotAnswerItsResetIsGivenUpAtOnce()
    {
        const string Settings = "pool_mode = session\nserver_idle_timeout = 0";
        using var pooler = new ScriptedPooler(Settings);
        var client = pooler.Login();
        client.Run("select 1", pooler.Servers[0]);
        client.Send(writer => writer.WriteTerminate());
        pooler.Servers[0].Expect("Q DISCARD ALL");
        pooler.Reload(Settings, "db = host=10.0.0.1 dbname=elsewhere");
        pooler.Until(() => pooler.Servers[0].IsGone, 1);
    }

    /// <summary>Opens so many servers by so many clients at once.</summary>
    private static List<ScriptedClient> OpenServers(ScriptedPooler pooler, int count)
    {
        var clients = new List<ScriptedClient>();
        for (var i = 0; i < count; i++)
        {
            clients.Add(pooler.Login());
            clients[i].Query("select 1");
            pooler.Settle();
        }

        pooler.Until(() => pooler.Servers.Count == count);
        for (var i = 0; i < count; i++)
        {
            pooler.Servers[i].Serve("select 1");
        }

        pooler.Settle();
        return clients;
    }
}
