using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Supervision;

/// <summary>SUSPEND and its end, and PAUSE with a bound, as clients, servers and consoles see them.</summary>
public sealed class SuspendTests
{
    [Fact]
    public void NothingMovesUntilResumeAndNothingIsLost()
    {
        using var pooler = new ScriptedPooler();
        var (inTransaction, idle) = (pooler.Login(), pooler.Login());
        inTransaction.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        idle.Query("select 1");
        pooler.Until(() => pooler.Servers.Count == 2);
        pooler.Servers[1].Serve("select 1");
        idle.Expect("Z");
        var console = pooler.Login("admin", "pgbouncer");
        Assert.Equal("SUSPEND", console.Command("SUSPEND"));
        Assert.Contains("suspended|yes", console.Rows("SHOW STATE"));

        inTransaction.Query("commit");
        idle.Query("select 2");
        pooler.Servers[0].Send(writer => writer.WriteNoticeResponse("later"));
        var newcomer = pooler.Connect();
        newcomer.SendStartup();
        pooler.RunFor(100);
        Assert.All(new[] { inTransaction, idle, newcomer }, client => Assert.Empty(client.Messages));
        Assert.All(pooler.Servers, server => Assert.DoesNotContain(server.Messages, message => message is "Q commit" or "Q select 2"));
        Assert.Equal("already suspended/paused", console.Command("PAUSE"));
        Assert.Equal("already suspended/paused", console.Command("SUSPEND"));
        Assert.Equal("already suspended/paused", console.Command("KILL"));

        Assert.Equal("RESUME", console.Command("RESUME"));
        pooler.Servers[0].Serve("commit");
        inTransaction.Expect("N");
        inTransaction.Expect("Z");
        pooler.Servers[1].Serve("select 2");
        idle.Expect("Z");
        newcomer.Expect("Z");
        Assert.Equal(2, pooler.Servers.Count);
        Assert.Equal("pooler is not paused/suspended", console.Command("RESUME"));
    }

    [Fact]
    public void AMessageThatIsUnderWayArrivesWholeFirst()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1");
        var (active, waiting) = (pooler.Login(), pooler.Login());
        active.Query("select 1");
        pooler.Servers[0].Expect("Q select 1");
        waiting.Query("select 2");
        pooler.Settle();
        var row = ScriptedPeer.Frame('D', "\0\u0001\0\0\0\u0004data");
        pooler.Servers[0].Send(row[..7]);
        pooler.Settle();
        var console = pooler.Login("admin", "pgbouncer");
        console.Query("SUSPEND");
        pooler.RunFor(1);
        Assert.Empty(console.Messages);
        pooler.Servers[0].Send(row[7..]);
        Assert.Equal("SUSPEND", console.Answer());
        pooler.Servers[0].Answer();
        pooler.RunFor(1);
        Assert.Equal("RESUME", console.Command("RESUME"));
        active.Expect("Z");
        pooler.Servers[0].Serve("select 2");
        waiting.Expect("Z");
    }

    [Fact]
    public void AFreeServerThatEndsWhileOthersComeToRestIsLookedAtAfterwards()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 2");
        var (active, other) = (pooler.Login(), pooler.Login());
        active.Query("select 1");
        pooler.Servers[0].Expect("Q select 1");
        other.Query("select 2");
        pooler.Until(() => pooler.Servers.Count == 2);
        pooler.Servers[1].Serve("select 2");
        other.Expect("Z");
        var row = ScriptedPeer.Frame('D', "\0\u0001\0\0\0\u0004data");
        pooler.Servers[0].Send(row[..7]);
        var console = pooler.Login("admin", "pgbouncer");
        console.Query("SUSPEND");
        pooler.RunFor(1);
        pooler.Servers[1].Peer.Close();
        pooler.RunFor(2);
        Assert.Empty(console.Messages);
        pooler.Servers[0].Send(row[7..]);
        Assert.Equal("SUSPEND", console.Answer());
        pooler.Servers[0].Answer();
        Assert.Equal("RESUME", console.Command("RESUME"));
        active.Expect("Z");
        other.Query("select 3");
        pooler.Servers[0].Serve("select 3");
        other.Expect("Z");
    }

    [Fact]
    public void AQueryMayRunWhileSuspendedAndItsAnswerComesAfterwards()
    {
        using var pooler = new ScriptedPooler("query_timeout = 5");
        var client = pooler.Login();
        client.Query("select 1");
        pooler.Servers[0].Expect("Q select 1");
        var console = pooler.Login("admin", "pgbouncer");
        Assert.Equal("SUSPEND", console.Command("SUSPEND"));
        pooler.Servers[0].Answer();
        pooler.RunFor(2);
        Assert.Empty(client.Messages);
        Assert.Equal("RESUME", console.Command("RESUME"));
        client.Expect("Z");
        client.Run("select 2", pooler.Servers[0]);
    }

    [Fact]
    public void WhoDoesNotComeToRestIsClosedAfterSuspendTimeout()
    {
        using var pooler = new ScriptedPooler("suspend_timeout = 3");
        var (holder, half) = (pooler.Login(), pooler.Login());
        holder.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        half.Query("begin");
        pooler.Until(() => pooler.Servers.Count == 2);
        pooler.Servers[1].Serve("begin", TransactionStatus.InTransaction);
        half.Expect("Z");
        half.Send(ScriptedPeer.Frame('Q', "select 2\0")[..8]);
        var silent = pooler.Connect();
        pooler.Settle();
        var console = pooler.Login("admin", "pgbouncer");
        console.Query("SUSPEND");
        pooler.RunFor(2);
        Assert.Empty(console.Messages);
        Assert.Equal("SUSPEND", console.Answer());
        Assert.Equal("suspend_timeout", half.ExpectEnd());
        Assert.Equal("suspend_timeout", silent.ExpectEnd());
        Assert.Equal("RESUME", console.Command("RESUME"));
        holder.Run("commit", pooler.Servers[0]);
    }

    [Fact]
    public void WhoWaitsForAServerThatNobodyGivesBackIsAtRestAndGoesOnWaiting()
    {
        using var pooler = new ScriptedPooler("suspend_timeout = 3\ndefault_pool_size = 1\nquery_wait_timeout = 5");
        var (holder, first, second) = (pooler.Login(), pooler.Login(), pooler.Login());
        holder.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        first.Query("select 1");
        pooler.Settle();
        second.Query("select 2");
        pooler.Settle();
        var console = pooler.Login("admin", "pgbouncer");
        Assert.Equal("SUSPEND", console.Command("SUSPEND"));
        pooler.RunFor(4);
        holder.Query("commit");
        pooler.Settle();
        Assert.Empty(first.Messages);
        Assert.Equal("RESUME", console.Command("RESUME"));
        pooler.Servers[0].Serve("commit");
        holder.Expect("Z");
        pooler.Servers[0].Serve("select 1");
        first.Expect("Z");
        pooler.Servers[0].Serve("select 2");
        second.Expect("Z");
        Assert.Single(pooler.Servers);
    }

    [Fact]
    public void AServerThatComesForOneWhoIsStoppedWaitsForHim()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 2");
        var (holder, first, second) = (pooler.Login(), pooler.Login(), pooler.Login());
        holder.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        pooler.OnLogin = _ => { };
        first.Query("select 1");
        pooler.Until(() => pooler.Servers.Count == 2 && pooler.Servers[1].Startup.Length > 0);
        second.Query("select 2");

        // One that says nothing keeps the pooler from coming to rest, when those who wait are stopped already.
        pooler.Connect();
        pooler.Settle();
        var (console, other) = (pooler.Login("admin", "pgbouncer"), pooler.Login("admin", "pgbouncer"));
        console.Query("SUSPEND");
        pooler.Settle();
        pooler.Servers[1].LogIn();
        pooler.RunFor(1);
        Assert.Empty(console.Messages);
        Assert.Equal(["1"], other.Rows("SELECT sum(server_assignment_count) FROM stats_totals WHERE database = 'db'"));
        Assert.Equal("RESUME", other.Command("RESUME"));
        pooler.Servers[1].Serve("select 1");
        first.Expect("Z");
        pooler.Servers[1].Serve("select 2");
        second.Expect("Z");
    }

    [Fact]
    public void WithoutALimitItWaitsAndResumeAnswersIt()
    {
        using var pooler = new ScriptedPooler("suspend_timeout = 0");
        var half = pooler.Login();
        half.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        var request = ScriptedPeer.Frame('Q', "commit\0");
        half.Send(request[..8]);
        pooler.Settle();
        var (console, other) = (pooler.Login("admin", "pgbouncer"), pooler.Login("admin", "pgbouncer"));
        console.Query("SUSPEND");
        pooler.RunFor(60);
        Assert.Empty(console.Messages);
        Assert.Equal("RESUME", other.Command("RESUME"));
        Assert.Equal("SUSPEND was ended by RESUME before it was complete", console.Answer());
        half.Send(request[8..]);
        pooler.Servers[0].Serve("commit");
        half.Expect("Z");
    }

    [Fact]
    public void ItEndsWithTheLastConsole()
    {
        using var pooler = new ScriptedPooler();
        var client = pooler.Login();
        var (first, second) = (pooler.Login("admin", "pgbouncer"), pooler.Login("admin", "pgbouncer"));
        Assert.Equal("SUSPEND", first.Command("SUSPEND"));
        first.Send(writer => writer.WriteTerminate());
        client.Query("select 1");
        pooler.RunFor(1);
        Assert.DoesNotContain(pooler.Servers[0].Messages, message => message == "Q select 1");
        second.Send(writer => writer.WriteTerminate());
        pooler.Servers[0].Serve("select 1");
        client.Expect("Z");
        Assert.Contains("Information admin disappeared when suspended, doing RESUME", pooler.Log);
    }

    [Fact]
    public void ItIsRefusedWhileADatabaseIsPaused()
    {
        using var pooler = new ScriptedPooler();
        Assert.Equal("PAUSE", pooler.Command("PAUSE db"));
        Assert.Equal("cannot suspend with paused databases", pooler.Command("SUSPEND"));
        Assert.Equal("RESUME", pooler.Command("RESUME db"));
        pooler.Login().Run("select 1", pooler.Servers[0]);
    }

    [Fact]
    public void ClientsThatEndWhileSuspendedLeaveTheirServersToOthers()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1");
        var client = pooler.Login();
        client.Run("select 1", pooler.Servers[0]);
        var console = pooler.Login("admin", "pgbouncer");
        Assert.Equal("SUSPEND", console.Command("SUSPEND"));
        var id = console.Rows("SHOW CLIENTS").Single(row => row.Contains("|db|", StringComparison.Ordinal)).Split('|')[^1];
        Assert.Equal("KILL_CLIENT", console.Command("KILL_CLIENT " + id));
        Assert.Equal("admin forced disconnect", client.ExpectEnd());
        Assert.Equal("RESUME", console.Command("RESUME"));
        pooler.Login().Run("select 2", pooler.Servers[0]);
    }

    [Fact]
    public void APauseThatTakesTooLongIsTakenBack()
    {
        using var pooler = new ScriptedPooler();
        var (busy, other) = (pooler.Login(), pooler.Login());
        busy.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        var console = pooler.Login("admin", "pgbouncer");
        console.Query("PAUSE TIMEOUT 5");
        other.Query("select 1");
        pooler.RunFor(4);
        Assert.Empty(console.Messages);
        Assert.Single(pooler.Servers);
        Assert.Equal("PAUSE was not complete after 5 seconds and is taken back", console.Answer());
        Assert.Contains("Warning PAUSE was not complete after 5 seconds and is taken back", pooler.Log);
        pooler.Until(() => pooler.Servers.Count == 2);
        pooler.Servers[1].Serve("select 1");
        other.Expect("Z");
        Assert.Equal("pooler is not paused/suspended", pooler.Command("RESUME"));
        busy.Run("commit", pooler.Servers[0]);

        // One that is complete in time stays, and nothing comes behind it.
        console.Expect("Z");
        Assert.Equal("PAUSE", console.Command("PAUSE TIMEOUT 5"));
        console.Expect("Z");
        pooler.RunFor(10);
        Assert.Empty(console.Messages);
        Assert.Equal("RESUME", pooler.Command("RESUME"));
    }

    [Fact]
    public void APauseThatIsTakenBackLeavesThoseOfOthers()
    {
        using var pooler = new ScriptedPooler();
        var (busy, other) = (pooler.Login(), pooler.Login());
        busy.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        var (bounded, unbounded) = (pooler.Login("admin", "pgbouncer"), pooler.Login("admin", "pgbouncer"));
        bounded.Query("PAUSE db TIMEOUT '1.5'");
        unbounded.Query("PAUSE db");
        Assert.Equal("PAUSE 'db' was not complete after 1.5 seconds and is taken back", bounded.Answer());
        other.Query("select 1");
        pooler.RunFor(5);
        Assert.Single(pooler.Servers);
        busy.Run("commit", pooler.Servers[0]);
        Assert.Equal("PAUSE", unbounded.Answer());
        Assert.Equal("RESUME", pooler.Command("RESUME db"));
        pooler.Until(() => pooler.Servers.Count == 2);
        pooler.Servers[1].Serve("select 1");
        other.Expect("Z");
    }

    [Fact]
    public void ADatabaseMayBeNamedTimeout()
    {
        using var pooler = new ScriptedPooler(databases: "timeout = host=10.0.0.1");
        Assert.Equal("PAUSE", pooler.Command("PAUSE timeout"));
        Assert.Equal("RESUME", pooler.Command("RESUME timeout"));
        Assert.Equal("PAUSE", pooler.Command("PAUSE timeout TIMEOUT 5"));
        Assert.Equal("RESUME", pooler.Command("RESUME timeout"));
    }
}
