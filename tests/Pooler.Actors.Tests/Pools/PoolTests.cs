using Pooler.Actors.Admin;
using Pooler.Actors.Supervision;
using Pooler.Actors.Tests.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Pools;

/// <summary>Who gets a server, when one is opened, what a failed login means, and PAUSE.</summary>
public sealed class PoolTests
{
    [Fact]
    public void WaitersAreServedInTheirOrder()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1");
        var clients = Enumerable.Range(0, 4).Select(_ => pooler.Login()).ToArray();
        for (var i = 0; i < clients.Length; i++)
        {
            clients[i].Query($"select {i}");
            pooler.Settle();
        }

        for (var i = 0; i < clients.Length; i++)
        {
            pooler.Servers[0].Serve($"select {i}");
            clients[i].Expect("Z");
        }

        Assert.Single(pooler.Servers);
    }

    [Fact]
    public void AWaiterThatLeavesIsPassedOver()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1");
        var (first, second, third) = (pooler.Login(), pooler.Login(), pooler.Login());
        first.Query("select 1");
        pooler.Settle();
        second.Query("select 2");
        pooler.Settle();
        third.Query("select 3");
        pooler.Settle();
        second.Peer.Reset();
        pooler.Settle();
        pooler.Servers[0].Serve("select 1");
        pooler.Servers[0].Serve("select 3");
        third.Expect("Z");
    }

    [Fact]
    public void TheReserveOpensWhenTheOldestHasWaitedLongEnough()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1\nreserve_pool_size = 1\nreserve_pool_timeout = 5");
        var (first, second) = (pooler.Login(), pooler.Login());
        first.Query("select 1");
        pooler.Settle();
        second.Query("select 2");
        pooler.RunFor(4);
        Assert.Single(pooler.Servers);
        pooler.Until(() => pooler.Servers.Count == 2, 2);
        pooler.Servers[1].Serve("select 2");
        second.Expect("Z");
        Assert.Contains("Warning taking connection from reserve_pool", pooler.Log);
    }

    [Fact]
    public void AServerThatIsLostMakesRoomForANewOne()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1");
        var (first, second) = (pooler.Login(), pooler.Login());
        first.Query("select 1");
        pooler.Settle();
        second.Query("select 2");
        pooler.Settle();
        pooler.Servers[0].Peer.Reset();
        Assert.Equal("server conn crashed?", first.ExpectEnd());
        pooler.Until(() => pooler.Servers.Count == 2);
        pooler.Servers[1].Serve("select 2");
        second.Expect("Z");
    }

    [Fact]
    public void ALoginErrorGoesToAllWhoWaitAndIsRememberedUntilALoginSucceeds()
    {
        using var pooler = new ScriptedPooler("server_login_retry = 3");
        pooler.OnLogin = server => server.Send(writer => writer.WriteFatal("no pg_hba.conf entry", "28000"));
        var first = pooler.Connect();
        first.SendStartup();
        Assert.Contains("C28000 Mno pg_hba.conf entry", first.Expect("E"), StringComparison.Ordinal);
        first.ExpectEnd();
        pooler.OnLogin = null;

        // Who waits for the welcome waits for the next attempt.
        var client = pooler.Login();
        client.Run("select 1", pooler.Servers[^1]);
        pooler.OnLogin = server => server.Send(writer => writer.WriteFatal("too many", "53300"));
        pooler.Servers[^1].Peer.Reset();
        pooler.Settle();
        client.Query("select 2");
        Assert.Equal("too many", client.ExpectEnd());

        // Long after server_login_retry the answer is the same, and a new attempt follows.
        var next = pooler.Login();
        pooler.RunFor(10);
        var attempts = pooler.Servers.Count;
        pooler.OnLogin = null;
        next.Query("select 3");
        Assert.Equal("server login has been failing, cached error: too many (server_login_retry)", next.ExpectEnd());
        pooler.Until(() => pooler.Servers.Count == attempts + 1);
        pooler.Settle();
        pooler.Login().Run("select 4", pooler.Servers[^1]);
    }

    [Fact]
    public void AServerThatStartsUpKeepsThoseWhoWaitWaiting()
    {
        using var pooler = new ScriptedPooler("server_login_retry = 3");
        pooler.OnLogin = server => server.Send(writer => writer.WriteFatal("the database system is starting up", "57P03"));
        var client = pooler.Connect();
        client.SendStartup();
        pooler.RunFor(2);
        Assert.False(client.IsGone);
        pooler.OnLogin = null;
        client.Expect("Z");
    }

    [Fact]
    public void PauseCutsOffALoginAndNobodyHearsOfIt()
    {
        using var pooler = new ScriptedPooler();
        pooler.OnLogin = _ => { };
        var client = pooler.Connect();
        client.SendStartup();
        pooler.Until(() => pooler.Servers.Count == 1);
        pooler.Tell(ActorNames.Pools, new PausePools(1, null));
        pooler.Until(() => pooler.Answers.Contains(new PoolCommandCompleted(1)));
        pooler.RunFor(1);
        Assert.True(pooler.Servers[0].IsGone);
        pooler.OnLogin = null;
        pooler.Tell(ActorNames.Pools, new ResumePools(2, null));
        client.Expect("Z");
        client.Run("select 1", pooler.Servers[1]);
    }

    [Fact]
    public void PauseWaitsForTransactionsAndResumeServesWhoCameMeanwhile()
    {
        using var pooler = new ScriptedPooler();
        var (first, second) = (pooler.Login(), pooler.Login());
        first.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        pooler.Tell(ActorNames.Pools, new PausePools(1, "db"));
        pooler.Settle();
        second.Query("select 2");
        pooler.RunFor(1);
        Assert.DoesNotContain(pooler.Answers, answer => answer is PoolCommandCompleted);
        first.Run("commit", pooler.Servers[0]);
        pooler.Until(() => pooler.Answers.Contains(new PoolCommandCompleted(1)));
        Assert.True(pooler.Servers[0].IsGone);
        Assert.Single(pooler.Servers);
        pooler.Tell(ActorNames.Pools, new ResumePools(2, "db"));
        pooler.Until(() => pooler.Servers.Count == 2);
        pooler.Servers[1].Serve("select 2");
        second.Expect("Z");
    }

    [Fact]
    public void AFailedLoginDoesNotTurnAwayWhoComesDuringAPause()
    {
        using var pooler = new ScriptedPooler("server_login_retry = 1");
        var client = pooler.Login();
        pooler.RefuseConnections();
        pooler.Servers[0].Peer.Reset();
        pooler.Settle();
        var other = pooler.Login();
        other.Query("select 1");
        pooler.RunFor(0.5);
        Assert.Contains(pooler.Log, line => line.Contains("connect failed", StringComparison.Ordinal));
        pooler.Tell(ActorNames.Pools, new PausePools(1, null));
        pooler.Settle();
        client.Query("select 2");
        pooler.RunFor(2);
        Assert.False(client.IsGone);
    }

    [Fact]
    public void APoolThatFaultsDuringAPauseStillReportsIt()
    {
        using var pooler = new ScriptedPooler();
        var client = pooler.Login();
        client.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        pooler.Tell(ActorNames.Pools, new PausePools(1, null));
        pooler.Settle();
        pooler.Tell($"{ActorNames.Pools}/*", new Actors.Pools.Released(null!));
        Assert.Equal("server conn crashed?", client.ExpectEnd());
        pooler.Until(() => pooler.Answers.Contains(new PoolCommandCompleted(1)));
    }

    [Fact]
    public void IdleClientsStayWhenTheirPoolFaultsAndNoServerCanBeHad()
    {
        using var pooler = new ScriptedPooler("server_login_retry = 1");
        var client = pooler.Login();
        pooler.OnLogin = server => server.Send(writer => writer.WriteFatal("too many", "53300"));
        pooler.Tell($"{ActorNames.Pools}/*", new Actors.Pools.Released(null!));
        pooler.RunFor(5);
        Assert.False(client.IsGone);
        pooler.OnLogin = null;
        pooler.RunFor(5);
        client.Query("select 1");
        pooler.Until(() => pooler.Servers[^1].Messages.Any(message => message == "Q select 1"));
    }

    [Fact]
    public void NotificationsAndParametersOfAnIdleServerDoNotCostIt()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1");
        var client = pooler.Login();
        var server = pooler.Servers[0];
        server.Send(ScriptedPeer.Frame('A', "\0\0\0\u0001x\0y\0"));
        pooler.Settle();
        server.Send(writer => writer.WriteParameterStatus("TimeZone", "Europe/Vienna"));
        pooler.Settle();
        client.Query("select 1");

        // The client keeps its zone, which is no longer the server's.
        server.Expect("Q SET TimeZone='UTC';");
        server.Answer();
        server.Serve("select 1");
        client.Expect("Z");
        Assert.DoesNotContain(client.Messages, message => message.StartsWith('A'));
        Assert.Single(pooler.Servers);
    }

    [Fact]
    public void AnythingElseThatAnIdleServerSaysEndsIt()
    {
        using var pooler = new ScriptedPooler();
        var client = pooler.Login();
        pooler.Servers[0].Send(writer => writer.WriteFatal("terminating connection due to administrator command", "57P01"));
        pooler.Until(() => pooler.Servers[0].IsGone);
        client.Query("select 1");
        pooler.Until(() => pooler.Servers.Count == 2);
        pooler.Servers[1].Serve("select 1");
        client.Expect("Z");
        Assert.Contains(pooler.Log, line => line.Contains("got packet 'E' from server when not linked", StringComparison.Ordinal));
    }

    [Fact]
    public void AServerThatDoesNotAnswerItsResetIsGivenUp()
    {
        using var pooler = new ScriptedPooler("pool_mode = session\ndefault_pool_size = 1\nserver_idle_timeout = 10");
        var first = pooler.Login();
        first.Run("select 1", pooler.Servers[0]);
        first.Send(writer => writer.WriteTerminate());
        pooler.Servers[0].Expect("Q DISCARD ALL");
        var second = pooler.Login();
        second.Query("select 2");
        pooler.Until(() => pooler.Servers.Count == 2, 20);
        pooler.Servers[1].Serve("select 2");
        second.Expect("Z");
    }

    [Fact]
    public void AReloadThatChangesTheServerReplacesTheConnections()
    {
        using var pooler = new ScriptedPooler();
        var (first, second) = (pooler.Login(), pooler.Login());
        first.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        pooler.Reload("", "db = host=10.0.0.1 dbname=elsewhere");
        second.Query("select 2");
        pooler.Until(() => pooler.Servers.Count == 2);
        Assert.Contains("database elsewhere", pooler.Servers[1].Expect("startup"), StringComparison.Ordinal);
        pooler.Servers[1].Serve("select 2");
        second.Expect("Z");
        first.Run("commit", pooler.Servers[0]);
        pooler.Until(() => pooler.Servers[0].IsGone);
    }

    [Fact]
    public void AReloadWithoutTheDatabaseEndsItsClients()
    {
        using var pooler = new ScriptedPooler();
        var client = pooler.Login();
        pooler.Reload("", "another = host=10.0.0.1");
        Assert.Equal("database removed", client.ExpectEnd());
        pooler.Reload("", "db = host=10.0.0.1");
        pooler.Login().Run("select 1", pooler.Servers[^1]);
        Assert.Single(pooler.Log, line => line.Contains("dropping database 'db'", StringComparison.Ordinal));
    }

    [Fact]
    public void WhoWaitsLongerThanQueryWaitNotifyIsToldOnce()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1\nquery_wait_notify = 5\nquery_wait_timeout = 20");
        var (first, second) = (pooler.Login(), pooler.Login());
        first.Query("select 1");
        pooler.Settle();
        second.Query("select 2");
        pooler.RunFor(5.8);
        Assert.Empty(second.Messages);
        pooler.RunFor(10);
        Assert.Contains("No server connection available in postgres backend, client being queued", Assert.Single(second.Messages), StringComparison.Ordinal);
        Assert.Equal("query_wait_timeout", second.ExpectEnd());
    }

    [Fact]
    public void OnlyTheHeadOfTheQueueIsToldThatItWaits()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1\nquery_wait_notify = 5");
        var (first, second, third) = (pooler.Login(), pooler.Login(), pooler.Login());
        first.Query("select 1");
        pooler.Settle();
        second.Query("select 2");
        pooler.Settle();
        third.Query("select 3");
        pooler.RunFor(20);
        Assert.StartsWith("N", Assert.Single(second.Messages), StringComparison.Ordinal);
        Assert.Empty(third.Messages);
        pooler.Servers[0].Serve("select 1");
        pooler.RunFor(1);
        Assert.StartsWith("N", Assert.Single(third.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public void NobodyIsToldInAPause()
    {
        using var pooler = new ScriptedPooler("query_wait_notify = 5");
        var client = pooler.Login();
        pooler.Tell(ActorNames.Pools, new PausePools(1, null));
        pooler.Settle();
        client.Query("select 1");
        pooler.RunFor(20);
        Assert.Empty(client.Messages);
    }

    [Fact]
    public void TheEndOfTheProcessIsNotTheClientsFault()
    {
        var pooler = new ScriptedPooler();
        var client = pooler.Login();
        pooler.Dispose();
        Assert.Empty(client.Messages);
        Assert.DoesNotContain(pooler.Log, line => line.Contains("closing because", StringComparison.Ordinal));
    }
}
