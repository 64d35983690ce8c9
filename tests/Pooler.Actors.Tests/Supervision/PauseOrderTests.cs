using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Supervision;

/// <summary>Orders in which pauses of several consoles, their ends, new settings and faults may come: after the last RESUME, everybody is served.</summary>
public sealed class PauseOrderTests
{
    [Theory]
    [InlineData("PAUSE", "RESUME")]
    [InlineData("PAUSE db", "RESUME db")]
    public void APauseOutlivesTheConsoleThatWaitedForItAndAnyOtherResumesIt(string pause, string resume)
    {
        using var pooler = new ScriptedPooler();
        var (busy, other) = (pooler.Login(), pooler.Login());
        busy.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        var console = pooler.Login("admin", "pgbouncer");
        console.Query(pause);
        other.Query("select 1");
        pooler.RunFor(1);
        console.Peer.Reset();
        pooler.RunFor(1);
        busy.Run("commit", pooler.Servers[0]);
        pooler.RunFor(1);
        Assert.Empty(other.Messages);
        Assert.Equal("RESUME", pooler.Command(resume));
        pooler.Until(() => pooler.Servers.Count == 2);
        pooler.Servers[1].Serve("select 1");
        other.Expect("Z");
    }

    [Fact]
    public void OneResumeOfADatabaseEndsThePauseAndTheKillOfAnyNumberOfConsoles()
    {
        using var pooler = new ScriptedPooler();
        var client = pooler.Login();
        Assert.Equal("PAUSE", pooler.Command("PAUSE db"));
        Assert.Equal("PAUSE", pooler.Command("PAUSE db"));
        Assert.Equal("KILL", pooler.Command("KILL db"));
        Assert.Equal("database removed", client.ExpectEnd());
        var newcomer = pooler.Connect();
        newcomer.SendStartup();
        pooler.RunFor(1);
        Assert.Empty(newcomer.Messages);
        Assert.Equal("RESUME", pooler.Command("RESUME db"));
        newcomer.Expect("Z");
        Assert.Equal("database db is not paused", pooler.Command("RESUME db"));
    }

    [Fact]
    public void ThePauseOfEverythingAndThatOfADatabaseEndEachByItself()
    {
        using var pooler = new ScriptedPooler(databases: "db = host=10.0.0.1\nlog = host=10.0.0.1");
        var (one, two) = (pooler.Login(), pooler.Login(database: "log"));
        Assert.Equal("PAUSE", pooler.Command("PAUSE db"));
        Assert.Equal("PAUSE", pooler.Command("PAUSE"));
        one.Query("select 1");
        two.Query("select 2");
        pooler.RunFor(1);
        Assert.Equal(2, pooler.Servers.Count);
        Assert.Equal("RESUME", pooler.Command("RESUME"));
        pooler.Until(() => pooler.Servers.Count == 3);
        pooler.Servers[2].Serve("select 2");
        two.Expect("Z");
        pooler.RunFor(1);
        Assert.Equal(3, pooler.Servers.Count);
        Assert.Equal("RESUME", pooler.Command("RESUME db"));
        pooler.Until(() => pooler.Servers.Count == 4);
        pooler.Servers[3].Serve("select 1");
        one.Expect("Z");
    }

    [Fact]
    public void ADatabaseThatIsRemovedWhilePausedAndComesBackIsNotPaused()
    {
        using var pooler = new ScriptedPooler(databases: "db = host=10.0.0.1\nlog = host=10.0.0.1");
        var busy = pooler.Login();
        busy.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        var console = pooler.Login("admin", "pgbouncer");
        console.Query("PAUSE db");
        pooler.RunFor(1);
        Assert.Empty(console.Messages);
        pooler.Reload("", "log = host=10.0.0.1");
        Assert.Equal("database removed", busy.ExpectEnd());
        Assert.Equal("PAUSE", console.Answer());
        pooler.Reload("", "db = host=10.0.0.1\nlog = host=10.0.0.1");
        pooler.Login().Run("select 1", pooler.Servers[^1]);
        console.Expect("Z");
        Assert.Equal("SUSPEND", console.Command("SUSPEND"));
    }

    [Theory]
    [InlineData("PAUSE", "RESUME")]
    [InlineData("PAUSE made_up", "RESUME made_up")]
    public void ADatabaseOfTheTemplateThatIsNamedFirstDuringThePauseIsServedAfterIt(string pause, string resume)
    {
        using var pooler = new ScriptedPooler("autodb_idle_timeout = 2", "* = host=10.0.0.1");
        Assert.Equal("PAUSE", pooler.Command(pause));
        pooler.RunFor(10);
        var client = pooler.Connect();
        client.SendStartup(database: "made_up");
        pooler.RunFor(10);
        Assert.Empty(client.Messages);
        Assert.Equal("RESUME", pooler.Command(resume));
        client.Expect("Z");
        client.Run("select 1", pooler.Servers[^1]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ASuspensionEndsWithItsConsolesWhateverStepItHasReached(bool withReset)
    {
        // A step more each time, so that they leave at every moment of it.
        for (var steps = 0; steps < 15; steps++)
        {
            using var pooler = new ScriptedPooler();
            var client = pooler.Login();
            var (first, second) = (pooler.Login("admin", "pgbouncer"), pooler.Login("admin", "pgbouncer"));
            first.Query("SUSPEND");
            pooler.RunFor(steps * 0.0003);
            foreach (var console in new[] { second, first })
            {
                if (withReset)
                {
                    console.Peer.Reset();
                }
                else
                {
                    console.Peer.Close();
                }
            }

            client.Query("select 1");
            pooler.Servers[0].Serve("select 1");
            client.Expect("Z");
            pooler.Login().Run("select 2", pooler.Servers[^1]);
        }
    }

    [Fact]
    public void ADatabaseThatIsDisabledAndRemovedIsOpenWhenItComesBack()
    {
        using var pooler = new ScriptedPooler(databases: "db = host=10.0.0.1\nlog = host=10.0.0.1");
        Assert.Equal("DISABLE", pooler.Command("DISABLE db"));
        pooler.Reload("", "log = host=10.0.0.1");
        pooler.Reload("", "db = host=10.0.0.1\nlog = host=10.0.0.1");
        pooler.Login().Run("select 1", pooler.Servers[^1]);
    }
}
