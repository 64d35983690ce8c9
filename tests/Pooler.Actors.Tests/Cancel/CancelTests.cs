using Pooler.Actors.Tests.Supervision;

namespace Pooler.Actors.Tests.Cancel;

/// <summary>A cancel request strikes the query it is meant for or nothing.</summary>
public sealed class CancelTests
{
    [Fact]
    public void ARequestGoesToTheServerThatRunsTheQuery()
    {
        using var pooler = new ScriptedPooler();
        var client = pooler.Login();
        client.Query("select 1");
        pooler.Settle();
        var asking = client.Cancel();
        pooler.Until(() => pooler.Servers.Count == 2);
        pooler.Settle();
        Assert.Equal(pooler.Servers[0].Key, pooler.Servers[1].CancelKey);
        Assert.False(asking.IsGone);
        pooler.Servers[1].Peer.Close();
        Assert.Null(asking.ExpectEnd());
    }

    [Fact]
    public void AServerIsNotHandedOnWhileARequestForItIsUnderWay()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1");
        var (first, second) = (pooler.Login(), pooler.Login());
        first.Query("select 1");
        pooler.Settle();
        second.Query("select 2");
        first.Cancel();
        pooler.Until(() => pooler.Servers.Count == 2);
        pooler.Settle();
        pooler.Servers[0].Serve("select 1");
        first.Expect("Z");
        pooler.Settle();
        Assert.Empty(pooler.Servers[0].Messages);
        pooler.Servers[1].Peer.Close();
        pooler.Servers[0].Serve("select 2");
        second.Expect("Z");
    }

    [Fact]
    public void ARequestThatHadToWaitGoesWhenALoginFails()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1\nreserve_pool_size = 1\nreserve_pool_timeout = 1\ncancel_wait_timeout = 0");
        var (first, second) = (pooler.Login(), pooler.Login());
        first.Query("select 1");
        pooler.Settle();
        pooler.OnLogin = _ => { };
        second.Query("select 2");
        pooler.Until(() => pooler.Servers.Count == 2);
        first.Cancel();
        pooler.Settle();
        Assert.Equal(2, pooler.Servers.Count);
        pooler.Servers[1].Peer.Close();
        pooler.Until(() => pooler.Servers.Count == 3 && pooler.Servers[2].CancelKey is not null);
        Assert.Equal(pooler.Servers[0].Key, pooler.Servers[2].CancelKey);
    }

    [Fact]
    public void ARequestThatHadToWaitIsDroppedWithTheQueryItWasMeantFor()
    {
        // Twice the pool's size is open: one session and one request, so that the second request has to wait.
        using var pooler = new ScriptedPooler("default_pool_size = 1");
        var (first, second) = (pooler.Login(), pooler.Login());
        first.Query("select 1");
        pooler.Settle();
        second.Query("select 2");
        first.Cancel();
        pooler.Until(() => pooler.Servers.Count == 2);
        pooler.Settle();
        var late = first.Cancel();
        pooler.Settle();
        Assert.Equal(2, pooler.Servers.Count);
        pooler.Servers[0].Serve("select 1");
        first.Expect("Z");
        late.ExpectEnd(1);
        Assert.Contains(pooler.Log, line => line.Contains("not sending cancel request for client that is now idle", StringComparison.Ordinal));
        pooler.Servers[1].Peer.Close();
        pooler.Servers[0].Expect("Q select 2");
        pooler.RunFor(2);
        Assert.Equal(2, pooler.Servers.Count);
    }

    [Fact]
    public void ARequestThatHadToWaitIsCarriedWhenThereIsRoom()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1");
        var client = pooler.Login();
        client.Query("select 1");
        pooler.Settle();
        client.Cancel();
        pooler.Until(() => pooler.Servers.Count == 2);
        pooler.Settle();
        client.Cancel();
        client.Cancel();
        pooler.Settle();
        pooler.Servers[1].Peer.Close();
        pooler.Until(() => pooler.Servers.Count == 3);
        pooler.Settle();
        pooler.Servers[2].Peer.Close();
        pooler.Until(() => pooler.Servers.Count == 4);
    }

    [Fact]
    public void ARequestForAnIdleClientGoesNowhere()
    {
        using var pooler = new ScriptedPooler();
        var client = pooler.Login();
        client.Cancel().ExpectEnd(1);
        Assert.Single(pooler.Servers);
        Assert.Contains(pooler.Log, line => line.Contains("cancel request for idle client", StringComparison.Ordinal));
    }

    [Fact]
    public void ARequestWithAnUnknownKeyGoesNowhere()
    {
        using var pooler = new ScriptedPooler();
        pooler.Login();
        var asking = pooler.Connect();
        asking.Send(writer => writer.WriteCancelRequest(default));
        asking.ExpectEnd(1);
        Assert.Contains(pooler.Log, line => line.Contains("failed cancel request", StringComparison.Ordinal));
    }

    [Fact]
    public void ARequestDuringAPauseIsCarried()
    {
        using var pooler = new ScriptedPooler();
        var client = pooler.Login();
        client.Query("select 1");
        pooler.Settle();
        pooler.Tell(Actors.Supervision.ActorNames.Pools, new Actors.Admin.PausePools(1, null));
        pooler.Settle();
        client.Cancel();
        pooler.Until(() => pooler.Servers.Count == 2);
        pooler.Until(() => pooler.Servers[1].CancelKey == pooler.Servers[0].Key);
    }

    [Fact]
    public void ARequestThatWaitsTooLongIsGivenUp()
    {
        using var pooler = new ScriptedPooler("cancel_wait_timeout = 3");
        var client = pooler.Login();
        client.Query("select 1");
        pooler.Settle();
        client.Cancel().ExpectEnd(5);
    }

    [Fact]
    public void AServerIsNotUsedAgainWhenNobodyKnowsWhetherTheRequestHasStruck()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1\ncancel_wait_timeout = 3");
        var (first, second) = (pooler.Login(), pooler.Login());
        first.Query("select 1");
        pooler.Settle();
        second.Query("select 2");
        first.Cancel();
        pooler.Until(() => pooler.Servers.Count == 2);
        pooler.Settle();
        pooler.Servers[0].Serve("select 1");
        first.Expect("Z");

        // The request was sent and its end is never seen.
        pooler.Until(() => pooler.Servers.Count == 3);
        Assert.True(pooler.Servers[0].IsGone);
        pooler.Servers[2].Serve("select 2");
        second.Expect("Z");
    }

    [Fact]
    public void ARequestForAClientThatEndsAtThatVeryMomentIsAnsweredAtOnce()
    {
        using var pooler = new ScriptedPooler("cancel_wait_timeout = 0");
        for (var i = 0; i < 200; i++)
        {
            var client = pooler.Login();
            client.Query("select 1");
            ScriptedServer? server = null;
            pooler.Until(() => (server = pooler.Servers.Find(candidate => candidate.Messages.Contains("Q select 1"))) is not null);
            server!.Expect("Q select 1");
            var asking = client.Cancel();
            client.Send(writer => writer.WriteTerminate());
            if (i % 2 == 0)
            {
                server.Answer();
            }

            pooler.Settle();
            foreach (var carrier in pooler.Servers.Where(server => server.CancelKey is not null))
            {
                carrier.Peer.Close();
            }

            asking.ExpectEnd(1);
            pooler.Settle();
        }
    }

    [Fact]
    public void ARequestThatCannotBeCarriedIsGivenUpLikeAnyConnectionToAServer()
    {
        using var pooler = new ScriptedPooler("cancel_wait_timeout = 0\nserver_connect_timeout = 3");
        var client = pooler.Login();
        client.Query("select 1");
        pooler.Settle();
        pooler.SwallowConnections();
        var asking = client.Cancel();
        pooler.RunFor(2.9);
        Assert.False(asking.IsGone);
        asking.ExpectEnd(1);
        Assert.Contains(pooler.Log, line => line.Contains("closing because: failed to send cancel request", StringComparison.Ordinal));
    }
}
