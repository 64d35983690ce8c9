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

    [Fact]
    public void QueryTimeoutCountsFromTheRequestOnAlthoughItHadToWait()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1\nquery_timeout = 3");
        var (first, second) = (pooler.Login(), pooler.Login());
        first.Query("select 1");
        pooler.Settle();
        second.Query("select 2");
        pooler.RunFor(2);
        pooler.Servers[0].Serve("select 1");
        pooler.Servers[0].Expect("Q select 2");
        Assert.Equal("query timeout", second.ExpectEnd(2));
    }

    [Fact]
    public void TransactionTimeoutCountsForAQueryWithoutABlockToo()
    {
        using var pooler = new ScriptedPooler("transaction_timeout = 3");
        var client = pooler.Login();
        client.Query("select 1");
        pooler.RunFor(2.9);
        Assert.False(client.IsGone);
        Assert.Equal("transaction timeout", client.ExpectEnd(1));
        pooler.Until(() => pooler.Servers[0].IsGone, 1);
    }

    [Theory]
    [InlineData("idle_transaction_timeout = 2\ntransaction_timeout = 4", "idle transaction timeout")]
    [InlineData("idle_transaction_timeout = 4\ntransaction_timeout = 2", "transaction timeout")]
    [InlineData("idle_transaction_timeout = 2\ntransaction_timeout = 2", "idle transaction timeout")]
    public void TheShorterLimitOfATransactionCounts(string settings, string text)
    {
        using var pooler = new ScriptedPooler("pool_mode = session\n" + settings);
        var client = pooler.Login();
        client.Run("begin", pooler.Servers[0], TransactionStatus.Failed);
        Assert.Equal(text, client.ExpectEnd(3));
    }

    [Fact]
    public void QueryTimeoutCountsWhileAClientCopiesIn()
    {
        using var pooler = new ScriptedPooler("query_timeout = 3");
        var client = pooler.Login();
        client.Query("copy x from stdin");
        pooler.Servers[0].Expect("Q copy");
        pooler.Servers[0].Send(ScriptedPeer.Frame('G', "\0\0\0"));
        client.Expect("G");
        for (var i = 0; i < 5 && !client.IsGone; i++)
        {
            client.Send(ScriptedPeer.Frame('d', "1\n"));
            pooler.RunFor(1);
        }

        Assert.Equal("query timeout", client.ExpectEnd(1));
    }

    [Fact]
    public void QueryTimeoutCountsUntilTheSyncOfAPipeline()
    {
        using var pooler = new ScriptedPooler("query_timeout = 3");
        var client = pooler.Login();
        client.Send(ScriptedPeer.Frame('P', "\0select 1\0\0\0"));
        client.Send(ScriptedPeer.Frame('H', ""));
        pooler.Servers[0].Expect("H");
        pooler.Servers[0].Send(ScriptedPeer.Frame('1', ""));
        client.Expect("1");
        Assert.Equal("query timeout", client.ExpectEnd(4));
        pooler.Until(() => pooler.Servers[0].IsGone, 1);
    }

    [Theory]
    [InlineData("query_wait_timeout = 3", "query_wait_timeout")]
    [InlineData("query_timeout = 3", "query_timeout")]
    [InlineData("client_login_timeout = 3", "client_login_timeout (server down)")]
    public void WhoWaitsForThePoolsFirstServerWaitsSoLong(string setting, string text)
    {
        using var pooler = new ScriptedPooler("query_wait_timeout = 5\nclient_login_timeout = 5\n" + setting);
        pooler.RefuseConnections();
        var client = pooler.Connect();
        client.SendStartup();
        pooler.RunFor(2.9);
        Assert.False(client.IsGone);
        Assert.Equal(text, client.ExpectEnd(1));
    }

    [Fact]
    public void ANewLimitCountsForThoseWhoWaitAlready()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1\nquery_wait_timeout = 0");
        var (first, second) = (pooler.Login(), pooler.Login());
        first.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        second.Query("select 2");
        pooler.RunFor(200);
        Assert.False(second.IsGone);
        pooler.Reload("default_pool_size = 1\nquery_wait_timeout = 100", "db = host=10.0.0.1");
        Assert.Equal("query_wait_timeout", second.ExpectEnd(1));
        pooler.Reload("default_pool_size = 1\nidle_transaction_timeout = 100", "db = host=10.0.0.1");
        Assert.Equal("idle transaction timeout", first.ExpectEnd(1));
    }

    [Theory]
    [InlineData("query_wait_timeout = 0", "", "user = query_wait_timeout=3", 3)]
    [InlineData("query_wait_timeout = 0", "query_wait_timeout=3", "", 3)]
    [InlineData("query_wait_timeout = 9", "query_wait_timeout=6", "user = query_wait_timeout=3", 3)]
    [InlineData("query_wait_timeout = 3", "query_wait_timeout=6", "", 6)]
    [InlineData("query_wait_timeout = 3", "query_wait_timeout=0", "", 0)]
    [InlineData("query_wait_timeout = 3", "query_wait_timeout=3", "user = query_wait_timeout=0", 0)]
    public void QueryWaitTimeoutIsTheUsersThenTheDatabasesThenTheGlobalOne(string global, string database, string users, int seconds)
    {
        using var pooler = new ScriptedPooler($"default_pool_size = 1\n{global}\n[users]\n{users}", "db = host=10.0.0.1 " + database);
        var (first, second) = (pooler.Login("user"), pooler.Login("user"));
        first.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        second.Query("select 2");
        pooler.RunFor(seconds > 0 ? seconds - 0.1 : 20);
        Assert.False(second.IsGone);
        if (seconds > 0)
        {
            Assert.Equal("query_wait_timeout", second.ExpectEnd(1));
        }
    }

    [Theory]
    [InlineData("query_timeout", false, "query timeout")]
    [InlineData("transaction_timeout", true, "transaction timeout")]
    [InlineData("idle_transaction_timeout", true, "idle transaction timeout")]
    public void TheLimitsOfAServersWorkAreThoseOfItsUser(string setting, bool inTransaction, string text)
    {
        const string Databases = "db = host=10.0.0.1 user=bob\nplain = host=10.0.0.1";
        using var pooler = new ScriptedPooler($"{setting} = 0\n[users]\nbob = {setting}=3\nuser = {setting}=1", Databases);
        var client = pooler.Login();
        client.Query("begin");
        if (inTransaction)
        {
            pooler.Servers[0].Serve("begin", TransactionStatus.InTransaction);
        }

        pooler.RunFor(2.9);
        Assert.False(client.IsGone);
        Assert.Equal(text, client.ExpectEnd(1));

        // A user's zero is none of its own: the global one counts.
        var other = pooler.Login("other", "plain");
        other.Query("begin");
        pooler.RunFor(20);
        Assert.False(other.IsGone);
    }

    [Fact]
    public void AUsersClientIdleTimeoutIsNobodyElses()
    {
        using var pooler = new ScriptedPooler("client_idle_timeout = 0\n[users]\nuser = client_idle_timeout=3", "db = host=10.0.0.1 user=bob");
        var (strict, other) = (pooler.Login("user"), pooler.Login("other"));
        Assert.Equal("client_idle_timeout", strict.ExpectEnd(4));
        pooler.RunFor(20);
        Assert.False(other.IsGone);
    }

    [Fact]
    public void ASessionThatHasItsServerIsNotIdle()
    {
        using var pooler = new ScriptedPooler("pool_mode = session\nclient_idle_timeout = 3");
        var client = pooler.Login();
        client.Run("select 1", pooler.Servers[0]);
        pooler.RunFor(20);
        Assert.False(client.IsGone);
    }

    [Fact]
    public void AWaiterThatLeavesIsNoticedAlthoughItHasSentMoreThanIsRead()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1");
        var (first, second) = (pooler.Login(), pooler.Login());
        first.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        second.Query(new string('x', 200_000));
        pooler.Settle();
        second.Query("select 2");
        second.Peer.Close();
        pooler.Settle();
        Assert.Contains(pooler.Log, line => line.Contains("closing because: client unexpected eof", StringComparison.Ordinal));
        first.Run("commit", pooler.Servers[0]);
        pooler.Settle();
        Assert.Empty(pooler.Servers[0].Messages);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ALoginThatLeavesBeforeItsWelcomeIsNoticedAlthoughItHasSentSomething(bool withReset)
    {
        using var pooler = new ScriptedPooler("client_login_timeout = 0\nquery_wait_timeout = 0");
        pooler.RefuseConnections();
        var client = pooler.Connect();
        client.SendStartup();
        client.Query("select 1");
        pooler.Settle();
        client.Query("select 2");
        pooler.Settle();
        if (withReset)
        {
            client.Peer.Reset();
        }
        else
        {
            client.Peer.Close();
        }

        pooler.Settle();
        Assert.Contains(pooler.Log, line => line.Contains("closing because: client unexpected eof", StringComparison.Ordinal));
    }
}
