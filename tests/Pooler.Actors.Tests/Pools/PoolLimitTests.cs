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
}
