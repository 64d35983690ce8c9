using Pooler.Actors.Admin;
using Pooler.Actors.Supervision;
using Pooler.Actors.Tests.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Pools;

/// <summary>What clients must not notice while the servers behind a pool are paused, restarted and replaced.</summary>
public sealed class MaintenanceTests
{
    private const string Checked = "server_check_query = select 'check'\nserver_check_delay = 0\ndefault_pool_size = 1";

    [Fact]
    public void AServerOfASessionThatAReloadHasEndedIsResetBeforeTheNextClientHasIt()
    {
        using var pooler = new ScriptedPooler("pool_mode = session\ndefault_pool_size = 1");
        var (first, second) = (pooler.Login(), pooler.Login());
        first.Run("set search_path = first", pooler.Servers[0]);
        pooler.Reload("pool_mode = transaction\ndefault_pool_size = 1", "db = host=10.0.0.1");
        second.Query("select 2");
        first.Run("select 1", pooler.Servers[0]);
        pooler.Settle();
        Assert.Equal("Q DISCARD ALL", Assert.Single(pooler.Servers[0].Messages));
        pooler.Servers[0].Answer();
        pooler.Servers[0].Serve("select 2");
        second.Expect("Z");

        // From then on transactions end nothing but themselves.
        first.Run("select 3", pooler.Servers[0]);
        second.Run("select 4", pooler.Servers[0]);
    }

    [Fact]
    public void ResumeForgetsWhatFailedBeforeThePause()
    {
        using var pooler = new ScriptedPooler("server_login_retry = 100\ndefault_pool_size = 1");
        var (waiter, idle) = (pooler.Login(), pooler.Login());
        pooler.RefuseConnections();
        pooler.Servers[0].Peer.Reset();
        pooler.Settle();
        waiter.Query("select 1");
        pooler.RunFor(1);
        Pause(pooler);
        pooler.Listen("10.0.0.1");
        Resume(pooler);
        idle.Query("select 2");
        pooler.Until(() => pooler.Servers.Count == 2, 2);
        pooler.Servers[1].Serve("select 1");
        waiter.Expect("Z");
        pooler.Servers[1].Serve("select 2");
        idle.Expect("Z");
    }

    [Fact]
    public void WhoWaitsWhenThePauseEndsTooEarlyIsServedAfterTheRetry()
    {
        using var pooler = new ScriptedPooler("server_login_retry = 3\ndefault_pool_size = 1");
        var clients = Enumerable.Range(0, 3).Select(_ => pooler.Login()).ToArray();
        Pause(pooler);
        pooler.RefuseConnections();
        foreach (var client in clients)
        {
            client.Query("select 1");
            pooler.Settle();
        }

        Resume(pooler);
        pooler.RunFor(4);
        pooler.Listen("10.0.0.1");
        pooler.OnLogin = server => server.Send(writer => writer.WriteFatal("the database system is starting up", "57P03"));
        pooler.RunFor(4);
        pooler.OnLogin = null;
        pooler.RunFor(4);
        foreach (var client in clients)
        {
            pooler.Servers[^1].Serve("select 1");
            client.Expect("Z");
        }
    }

    [Fact]
    public void AReplacedServerIsNotAskedWhetherItStillWorks()
    {
        using var pooler = new ScriptedPooler(Checked);
        var client = pooler.Login();
        pooler.Reload(Checked, "db = host=10.0.0.1 dbname=elsewhere");
        client.Query("select 2");
        pooler.Until(() => pooler.Servers.Count == 2, 1);
        pooler.Servers[1].Serve("select 2");
        client.Expect("Z");
        Assert.DoesNotContain(pooler.Servers[0].Messages, message => message.Contains("check", StringComparison.Ordinal));
    }

    [Fact]
    public void AServerThatIsReplacedDuringItsCheckHoldsNobodyUp()
    {
        using var pooler = new ScriptedPooler(Checked);
        var client = pooler.Login();
        client.Query("select 2");
        pooler.Servers[0].Expect("Q select 'check'");
        pooler.Reload(Checked, "db = host=10.0.0.1 dbname=elsewhere");
        pooler.Until(() => pooler.Servers.Count == 2, 1);
        pooler.Servers[1].Serve("select 2");
        client.Expect("Z");
        pooler.Until(() => pooler.Servers[0].IsGone);
    }

    [Fact]
    public void NoServerIsOpenedDuringAPauseNotEvenToKeepTheMinimum()
    {
        const string Settings = "min_pool_size = 2";
        using var pooler = new ScriptedPooler(Settings, "db = host=10.0.0.1 user=forced");
        pooler.Until(() => pooler.Servers.Count == 2);
        var client = pooler.Login();
        Pause(pooler);
        pooler.Reload(Settings, "db = host=10.0.0.1 user=forced\nfresh = host=10.0.0.1 user=forced");
        client.Query("select 1");
        pooler.RunFor(5);
        Assert.Equal(2, pooler.Servers.Count);
        Assert.All(pooler.Servers, server => Assert.True(server.IsGone));
        Resume(pooler);
        pooler.Until(() => pooler.Servers.Count == 6, 5);
        pooler.Servers[2].Serve("select 1");
        client.Expect("Z");
    }

    [Fact]
    public void ACancelRequestDuringAPauseReachesTheServer()
    {
        using var pooler = new ScriptedPooler();
        var client = pooler.Login();
        client.Query("select 1");
        pooler.Servers[0].Expect("Q select 1");
        pooler.Tell(ActorNames.Pools, new PausePools(1, null));
        pooler.Settle();
        var request = client.Cancel();
        pooler.Until(() => pooler.Servers.Count == 2);
        pooler.Until(() => pooler.Servers[1].CancelKey is not null);
        Assert.Equal(pooler.Servers[0].Key, pooler.Servers[1].CancelKey);
        pooler.Servers[0].Send(writer =>
        {
            writer.WriteErrorResponse("ERROR", "57014", "canceling statement due to user request");
            writer.WriteReadyForQuery(TransactionStatus.Idle);
        });
        client.Expect("Z");
        pooler.RunFor(1);

        // The server is not free before the request has come to its end.
        Assert.DoesNotContain(new PoolCommandCompleted(1), pooler.Answers);
        pooler.Servers[1].Peer.Close();
        pooler.Until(() => pooler.Answers.Contains(new PoolCommandCompleted(1)));
        pooler.Until(() => request.IsGone);
    }

    [Fact]
    public void ThePauseWaitsForAServerThatIsBeingReset()
    {
        using var pooler = new ScriptedPooler("pool_mode = session");
        var client = pooler.Login();
        client.Run("select 1", pooler.Servers[0]);
        client.Send(writer => writer.WriteTerminate());
        pooler.Servers[0].Expect("Q DISCARD ALL");
        pooler.Tell(ActorNames.Pools, new PausePools(1, null));
        pooler.RunFor(1);
        Assert.DoesNotContain(new PoolCommandCompleted(1), pooler.Answers);
        pooler.Servers[0].Answer();
        pooler.Until(() => pooler.Answers.Contains(new PoolCommandCompleted(1)));
        Assert.True(pooler.Servers[0].IsGone);
    }

    [Fact]
    public void NewClientsAreGreetedWithWhatTheNewServerSaysOfItself()
    {
        using var pooler = new ScriptedPooler();
        var before = pooler.Connect();
        before.SendStartup();
        before.Expect("S server_version 15.0");
        before.Expect("Z");
        Pause(pooler);
        pooler.Reload("", "db = host=10.0.0.1 dbname=elsewhere");
        var client = pooler.Connect();
        client.SendStartup();
        pooler.RunFor(5);
        Assert.Empty(client.Messages);
        pooler.OnLogin = server => server.LogIn("16.0");
        Resume(pooler);
        client.Expect("S server_version 16.0");
        client.Expect("Z");
        before.Run("select 1", pooler.Servers[^1]);
    }

    [Fact]
    public void AnotherUserOnTheServerReplacesTheConnectionsAndNoClient()
    {
        const string Settings = "min_pool_size = 1\nserver_idle_timeout = 10";
        using var pooler = new ScriptedPooler(Settings, "db = host=10.0.0.1 user=before");
        var (first, second) = (pooler.Login(), pooler.Login());
        first.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        pooler.Reload(Settings, "db = host=10.0.0.1 user=after");
        second.Query("select 2");
        pooler.Until(() => pooler.Servers.Exists(server => server.Messages.Contains("Q select 2")));
        var other = pooler.Servers.Find(server => server.Messages.Contains("Q select 2"))!;
        Assert.Contains("user after", other.Expect("startup"), StringComparison.Ordinal);
        other.Serve("select 2");
        second.Expect("Z");
        first.Run("commit", pooler.Servers[0]);
        pooler.Until(() => pooler.Servers[0].IsGone);
        pooler.Login();

        // Only the pool that new clients come to keeps a server for them.
        first.Send(writer => writer.WriteTerminate());
        second.Send(writer => writer.WriteTerminate());
        pooler.RunFor(30);
        Assert.Single(pooler.Servers, server => !server.IsGone);
    }

    private static void Pause(ScriptedPooler pooler)
    {
        pooler.Tell(ActorNames.Pools, new PausePools(1, null));
        pooler.Until(() => pooler.Answers.Contains(new PoolCommandCompleted(1)));
        pooler.Settle();
    }

    private static void Resume(ScriptedPooler pooler)
    {
        pooler.Tell(ActorNames.Pools, new ResumePools(2, null));
        pooler.Until(() => pooler.Answers.Contains(new PoolCommandCompleted(2)));
    }
}
