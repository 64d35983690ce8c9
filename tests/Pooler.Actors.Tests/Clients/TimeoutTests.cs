using Pooler.Actors.Tests.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Clients;

/// <summary>Every limit of time that a client can meet, and its text.</summary>
public sealed class TimeoutTests
{
    [Fact]
    public void QueryTimeoutEndsClientAndServer()
    {
        using var pooler = new ScriptedPooler("query_timeout = 3");
        var client = pooler.Login();
        client.Query("select 1");
        pooler.RunFor(2.9);
        Assert.False(client.IsGone);
        Assert.Equal("query timeout", client.ExpectEnd(1));
        pooler.Until(() => pooler.Servers[0].IsGone, 1);
    }

    [Fact]
    public void QueryTimeoutCountsWhileTheClientsParametersAreSet()
    {
        using var pooler = new ScriptedPooler("query_timeout = 3");
        var client = pooler.Connect();
        client.Send(writer => writer.WriteStartupMessage(new("user", "user"), new("database", "db"), new("TimeZone", "Europe/Vienna")));
        client.Expect("Z");
        client.Query("select 1");
        pooler.Servers[0].Expect("Q SET");
        Assert.Equal("query timeout", client.ExpectEnd(4));
        pooler.Until(() => pooler.Servers[0].IsGone, 1);
    }

    [Fact]
    public void QueryTimeoutLeavesAnIdleTransactionAlone()
    {
        using var pooler = new ScriptedPooler("query_timeout = 3");
        var client = pooler.Login();
        client.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        pooler.RunFor(10);
        Assert.False(client.IsGone);
    }

    [Fact]
    public void IdleTransactionTimeoutCountsFromTheServersLastWord()
    {
        using var pooler = new ScriptedPooler("idle_transaction_timeout = 3");
        var client = pooler.Login();
        client.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        pooler.RunFor(2);
        client.Query("select 1");
        pooler.RunFor(5);
        pooler.Servers[0].Serve("select 1", TransactionStatus.InTransaction);
        pooler.RunFor(2.9);
        Assert.False(client.IsGone);
        Assert.Equal("idle transaction timeout", client.ExpectEnd(1));
        pooler.Until(() => pooler.Servers[0].IsGone, 1);
    }

    [Fact]
    public void TransactionTimeoutCountsFromTheTransactionsStart()
    {
        using var pooler = new ScriptedPooler("transaction_timeout = 3");
        var client = pooler.Login();
        client.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        pooler.RunFor(2);
        client.Run("select 1", pooler.Servers[0], TransactionStatus.InTransaction);
        Assert.Equal("transaction timeout", client.ExpectEnd(2));

        // One after the other is no long transaction.
        var other = pooler.Login();
        for (var i = 0; i < 4; i++)
        {
            other.Query("select 1");
            pooler.RunFor(1);
            pooler.Servers[^1].Serve("select 1");
            other.Expect("Z");
        }
    }

    [Fact]
    public void AClientAtRestIsNotEvenLookedAtUntilItAsksOrItsRestIsLimited()
    {
        const string Settings = "default_pool_size = 1\nquery_wait_timeout = 3\n";
        using var pooler = new ScriptedPooler(Settings);
        var deadlines = pooler.Network.Loops[0].Deadlines;
        var (first, second) = (pooler.Login(), pooler.Login());
        pooler.RunFor(1);
        var watched = deadlines.Count;
        var others = Enumerable.Range(0, 10).Select(_ => pooler.Login()).ToArray();
        pooler.RunFor(1);
        Assert.Equal(watched, deadlines.Count);

        first.Query("select 1");
        pooler.Settle();
        second.Query("select 2");
        pooler.Settle();
        Assert.Equal(watched + 2, deadlines.Count);
        Assert.Equal("query_wait_timeout", second.ExpectEnd(5));
        pooler.Servers[0].Serve("select 1");
        first.Expect("Z");
        pooler.RunFor(1);
        Assert.Equal(watched, deadlines.Count);

        pooler.Reload(Settings + "client_idle_timeout = 3", "db = host=10.0.0.1");
        Assert.All(others, client => Assert.Equal("client_idle_timeout", client.ExpectEnd(5)));
    }

    [Fact]
    public void ClientIdleTimeoutCountsWithoutAServerOnly()
    {
        using var pooler = new ScriptedPooler("client_idle_timeout = 3");
        var client = pooler.Login();
        client.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        pooler.RunFor(10);
        Assert.False(client.IsGone);
        client.Run("commit", pooler.Servers[0]);
        pooler.RunFor(2.9);
        Assert.False(client.IsGone);
        Assert.Equal("client_idle_timeout", client.ExpectEnd(1));
    }

    [Theory]
    [InlineData("query_wait_timeout = 3", "query_wait_timeout")]
    [InlineData("query_timeout = 3\nquery_wait_timeout = 5", "query_timeout")]
    public void AWaiterWaitsSoLong(string setting, string text)
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1\n" + setting);
        var (first, second) = (pooler.Login(), pooler.Login());
        first.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        second.Query("select 2");
        pooler.RunFor(2.9);
        Assert.False(second.IsGone);
        Assert.Equal(text, second.ExpectEnd(1));
    }

    [Fact]
    public void AWaiterWaitsSoLongInAPauseToo()
    {
        using var pooler = new ScriptedPooler("query_wait_timeout = 3");
        var client = pooler.Login();
        pooler.Tell(Actors.Supervision.ActorNames.Pools, new Actors.Admin.PausePools(1, null));
        pooler.Settle();
        client.Query("select 1");
        Assert.Equal("query_wait_timeout", client.ExpectEnd(4));
    }

    [Fact]
    public void ALoginThatWaitsForTheFirstServerSaysSo()
    {
        using var pooler = new ScriptedPooler("client_login_timeout = 3");
        pooler.RefuseConnections();
        var client = pooler.Connect();
        client.SendStartup();
        Assert.Equal("client_login_timeout (server down)", client.ExpectEnd(4));
    }

    [Fact]
    public void ALoginThatDoesNotComeToItsEndIsEnded()
    {
        using var pooler = new ScriptedPooler("client_login_timeout = 3\nauth_type = plain");
        var client = pooler.Connect();
        client.SendStartup();
        client.Expect("R");
        Assert.Equal("client_login_timeout", client.ExpectEnd(4));
    }

    [Fact]
    public void AServerThatDoesNotLetThePoolerInIsGivenUp()
    {
        using var pooler = new ScriptedPooler("server_connect_timeout = 3\nserver_login_retry = 1");
        pooler.OnLogin = _ => { };
        var client = pooler.Connect();
        client.SendStartup();
        pooler.Until(() => pooler.Servers.Count == 1);
        pooler.Servers[0].Expect("startup");
        pooler.OnLogin = null;
        pooler.Until(() => pooler.Servers[0].IsGone, 4);
        client.Expect("Z");
        Assert.Contains(pooler.Log, line => line.Contains("closing because: connect timeout", StringComparison.Ordinal));
    }
}
