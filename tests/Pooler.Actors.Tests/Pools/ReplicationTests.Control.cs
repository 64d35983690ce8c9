using Pooler.Actors.Admin;
using Pooler.Actors.Supervision;
using Pooler.Actors.Tests.Supervision;

namespace Pooler.Actors.Tests.Pools;

/// <content>What the console, new settings and faults do to them.</content>
public sealed partial class ReplicationTests
{
    [Theory]
    [InlineData("RECONNECT")]
    [InlineData("RELOAD")]
    public void AnOutdatedServerGoesAtOnceEvenInTheMiddleOfAStream(string how)
    {
        using var pooler = new ScriptedPooler();
        var client = Replication(pooler);
        Stream(client, pooler.Servers[0]);
        if (how == "RELOAD")
        {
            pooler.Reload("", "db = host=10.0.0.1 dbname=elsewhere");
        }
        else
        {
            Assert.StartsWith("RECONNECT", pooler.Command("RECONNECT"), StringComparison.Ordinal);
        }

        Assert.Equal("database configuration changed", client.ExpectEnd(1));
        pooler.Settle();
        Assert.True(pooler.Servers[0].IsGone);
        Replication(pooler).Run("IDENTIFY_SYSTEM", pooler.Servers[1]);
    }

    [Fact]
    public void PauseWaitsForItAsForAnySessionAndHoldsTheNextOneUp()
    {
        using var pooler = new ScriptedPooler();
        var client = Replication(pooler);
        Stream(client, pooler.Servers[0]);
        pooler.Tell(ActorNames.Pools, new PausePools(1, null));
        var next = pooler.Connect();
        next.SendStartup("user", "db", ("replication", "true"));
        pooler.RunFor(1);
        Assert.DoesNotContain(pooler.Answers, answer => answer is PoolCommandCompleted);
        Assert.Single(pooler.Servers);

        // RECONNECT ends it.
        pooler.Command("RECONNECT");
        client.ExpectEnd(1);
        pooler.Until(() => pooler.Answers.Contains(new PoolCommandCompleted(1)));
        pooler.RunFor(1);
        Assert.Single(pooler.Servers);
        pooler.Tell(ActorNames.Pools, new ResumePools(2, null));
        next.Expect("Z");
        next.Run("IDENTIFY_SYSTEM", pooler.Servers[1]);
    }

    [Fact]
    public void APauseDuringItsLoginIsNotItsEnd()
    {
        using var pooler = new ScriptedPooler { OnLogin = _ => { } };
        var client = pooler.Connect();
        client.SendStartup("user", "db", ("replication", "true"));
        pooler.Until(() => pooler.Servers.Count == 1);
        pooler.Tell(ActorNames.Pools, new PausePools(1, null));
        pooler.Until(() => pooler.Answers.Contains(new PoolCommandCompleted(1)));
        pooler.RunFor(1);
        Assert.True(pooler.Servers[0].IsGone);
        pooler.OnLogin = null;
        pooler.Tell(ActorNames.Pools, new ResumePools(2, null));
        client.Expect("Z");
    }

    [Fact]
    public void SuspendStopsAStreamBetweenTwoMessagesAndResumeLetsItGoOn()
    {
        using var pooler = new ScriptedPooler();
        var client = Replication(pooler);
        var server = pooler.Servers[0];
        Stream(client, server);
        var console = pooler.Login("admin", "pgbouncer");
        Assert.StartsWith("SUSPEND", console.Command("SUSPEND"), StringComparison.Ordinal);
        server.Send(ScriptedPeer.Frame('d', "wal"));
        client.Send(ScriptedPeer.Frame('d', "status"));
        pooler.RunFor(1);
        Assert.Empty(client.Messages);
        Assert.DoesNotContain("d status", server.Messages);
        console.Command("RESUME");
        client.Expect("d wal");
        server.Expect("d status");
    }

    [Fact]
    public void KillEndsItWithItsServer()
    {
        using var pooler = new ScriptedPooler();
        var client = Replication(pooler);
        Stream(client, pooler.Servers[0]);
        pooler.Command("KILL db");
        Assert.Equal("database removed", client.ExpectEnd(1));
        pooler.Settle();
        Assert.True(pooler.Servers[0].IsGone);
    }

    [Fact]
    public void AServerThatIsLostTakesItsClientAlong()
    {
        using var pooler = new ScriptedPooler();
        var client = Replication(pooler);
        Stream(client, pooler.Servers[0]);
        pooler.Servers[0].Send([.. ScriptedPeer.Frame('d', "wal")]);
        pooler.Servers[0].Peer.Close();
        client.Expect("d wal");
        Assert.Equal("server conn crashed?", client.ExpectEnd());
    }

    [Fact]
    public void ItsQueryIsCancelledLikeAnyOther()
    {
        using var pooler = new ScriptedPooler();
        var client = Replication(pooler);
        Stream(client, pooler.Servers[0]);
        client.Cancel();
        pooler.Until(() => pooler.Servers.Count == 2 && pooler.Servers[1].CancelKey is not null);
        Assert.Equal(pooler.Servers[0].Key, pooler.Servers[1].CancelKey);
    }

    [Fact]
    public void ACancelRequestThatTheServerNeverTakesDoesNotEndTheStream()
    {
        using var pooler = new ScriptedPooler();
        var client = Replication(pooler);
        var server = pooler.Servers[0];
        Stream(client, server);
        client.Cancel();
        pooler.Until(() => pooler.Servers.Count == 2 && pooler.Servers[1].CancelKey is not null);
        pooler.RunFor(30);
        Assert.True(pooler.Servers[1].IsGone);
        server.Send(ScriptedPeer.Frame('d', "wal"));
        client.Expect("d wal");
    }

    [Fact]
    public void APoolThatFaultsWhileItWaitsOpensItsServerAnew()
    {
        using var pooler = new ScriptedPooler { OnLogin = _ => { } };
        var client = pooler.Connect();
        client.SendStartup("user", "db", ("replication", "true"));
        pooler.Until(() => pooler.Servers.Count == 1);
        pooler.OnLogin = null;
        pooler.Tell($"{ActorNames.Pools}/*", new Actors.Pools.Released(null!));
        client.Expect("Z");
        pooler.Until(() => pooler.Servers.Count == 2);
        Assert.Contains("replication yes", pooler.Servers[1].Startup, StringComparison.Ordinal);
        client.Run("IDENTIFY_SYSTEM", pooler.Servers[1]);
    }
}
