using Pooler.Actors.Supervision;
using Pooler.Actors.Tests.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Pools;

/// <summary>KILL, DISABLE, ENABLE and WAIT_CLOSE, as clients, servers and consoles see them.</summary>
public sealed class CommandTests
{
    [Fact]
    public void KillEndsEverybodyInEveryPhaseAndNewcomersWaitForResumeOfTheDatabase()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1");
        var (idle, active, waiting) = (pooler.Login(), pooler.Login(), pooler.Login());
        active.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        waiting.Query("select 1");
        pooler.Settle();
        var joining = pooler.Connect();
        pooler.OnLogin = _ => { };
        joining.SendStartup("other");
        pooler.Until(() => pooler.Servers.Count == 2 && pooler.Servers[1].Messages.Count > 0);
        pooler.OnLogin = null;

        Assert.Equal("KILL", pooler.Command("KILL db"));
        foreach (var client in new[] { idle, active, waiting, joining })
        {
            Assert.Equal("database removed", client.ExpectEnd());
        }

        pooler.Settle();
        Assert.All(pooler.Servers, server => Assert.True(server.IsGone));
        Assert.Single(pooler.Rows("SHOW POOLS"));

        var newcomer = pooler.Connect();
        newcomer.SendStartup();
        pooler.RunFor(5);
        Assert.Empty(newcomer.Messages);
        Assert.Equal(2, pooler.Servers.Count);
        Assert.Equal("pooler is not paused/suspended", pooler.Command("RESUME"));
        Assert.Equal("RESUME", pooler.Command("RESUME db"));
        newcomer.Expect("Z");
        newcomer.Run("select 1", pooler.Servers[2]);
    }

    [Fact]
    public void KillWithoutANameTakesAllPoolsAndEachDatabaseIsResumedByName()
    {
        using var pooler = new ScriptedPooler(databases: "db = host=10.0.0.1\nlog = host=10.0.0.1\nunused = host=10.0.0.1");
        var (first, second) = (pooler.Login(), pooler.Login(database: "log"));
        Assert.Equal("KILL", pooler.Command("KILL"));
        Assert.Equal(("database removed", "database removed"), (first.ExpectEnd(), second.ExpectEnd()));
        Assert.Equal("database unused is not paused", pooler.Command("RESUME unused"));
        Assert.Equal("RESUME", pooler.Command("RESUME db"));
        pooler.Login();
        var third = pooler.Connect();
        third.SendStartup(database: "log");
        pooler.RunFor(1);
        Assert.Empty(third.Messages);
        Assert.Equal("RESUME", pooler.Command("RESUME log"));
        third.Expect("Z");
    }

    [Fact]
    public void ALoginThatMeetsItsPoolsEndIsTurnedAwayOrFindsTheNextOne()
    {
        // A step more each time, so that the order comes at every moment of the login.
        for (var steps = 0; steps < 40; steps++)
        {
            using var pooler = new ScriptedPooler();
            pooler.Login().Run("select 1", pooler.Servers[0]);
            var console = pooler.Login("admin", "pgbouncer");
            var client = pooler.Connect();
            client.SendStartup();
            pooler.RunFor(steps * 0.00001);
            Assert.Equal("KILL", console.Command("KILL db"));
            Assert.Equal("RESUME", console.Command("RESUME db"));
            pooler.Until(() => client.IsGone || client.Messages.Any(message => message[0] == 'Z'));
            if (client.IsGone)
            {
                Assert.Equal("database removed", client.ExpectEnd());
            }
        }
    }

    [Fact]
    public void KillIsRefusedWhilePausedAndForTheConsole()
    {
        using var pooler = new ScriptedPooler();
        Assert.Equal("cannot kill admin db: pgbouncer", pooler.Command("KILL pgbouncer"));
        Assert.Equal("no such database: nowhere", pooler.Command("KILL nowhere"));
        Assert.Equal("PAUSE", pooler.Command("PAUSE"));
        Assert.Equal("already suspended/paused", pooler.Command("KILL"));
        Assert.Equal("already suspended/paused", pooler.Command("KILL db"));
    }

    [Fact]
    public void DisableRefusesLoginsAndLeavesSessionsAlone()
    {
        using var pooler = new ScriptedPooler();
        var inside = pooler.Login();
        pooler.OnLogin = _ => { };
        var onTheWay = pooler.Connect();
        onTheWay.SendStartup("other");
        pooler.Until(() => pooler.Servers.Count == 2 && pooler.Servers[1].Messages.Count > 0);
        pooler.OnLogin = null;
        Assert.Equal("DISABLE", pooler.Command("DISABLE db"));
        Assert.Equal("database \"db\" is disabled", onTheWay.ExpectEnd());
        Assert.Equal("database \"db\" is disabled", Refusal(pooler, "user"));

        // Also one whose pool does not exist yet.
        Assert.Equal("database \"db\" is disabled", Refusal(pooler, "admin"));
        inside.Run("select 1", pooler.Servers[0]);
        Assert.Equal("1", pooler.Rows("SHOW DATABASES").Single(row => row.StartsWith("db|", StringComparison.Ordinal)).Split('|')[^1]);
        Assert.Equal("ENABLE", pooler.Command("ENABLE db"));
        pooler.Login();
    }

    [Fact]
    public void OnlyEnableNamesNothingIntoBeing()
    {
        using var pooler = new ScriptedPooler(databases: "* = host=10.0.0.1");
        Assert.Equal("no such database: later", pooler.Command("ENABLE later"));
        Assert.Equal("no such database: later", pooler.Command("RESUME later"));
        Assert.Equal("DISABLE", pooler.Command("DISABLE later"));
        Assert.Contains("Information registered new auto-database: later", pooler.Log);
        Assert.Equal("database \"later\" is disabled", Refusal(pooler, "user", "later"));
        Assert.Equal("database later is not paused", pooler.Command("RESUME later"));
        Assert.Equal("ENABLE", pooler.Command("ENABLE later"));
        Assert.Equal("a database is required", pooler.Command("DISABLE"));
        Assert.Equal("a database is required", pooler.Command("ENABLE"));
        Assert.Equal("cannot enable admin db: pgbouncer", pooler.Command("ENABLE pgbouncer"));
    }

    [Fact]
    public void WhatWasOrderedForADatabaseEndsWithIt()
    {
        using var pooler = new ScriptedPooler(databases: "db = host=10.0.0.1\nother = host=10.0.0.1");
        Assert.Equal("DISABLE", pooler.Command("DISABLE other"));
        Assert.Equal("PAUSE", pooler.Command("PAUSE other"));
        pooler.Reload("", "db = host=10.0.0.1");
        pooler.Reload("", "db = host=10.0.0.1\nother = host=10.0.0.1");
        pooler.Login(database: "other");
    }

    [Fact]
    public void WaitCloseIsAnsweredWithTheLastOldServerAndOnce()
    {
        using var pooler = new ScriptedPooler();
        var client = pooler.Login();
        Assert.Equal("WAIT_CLOSE", pooler.Command("WAIT_CLOSE"));
        client.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        Assert.Equal("RECONNECT", pooler.Command("RECONNECT"));
        var (first, second) = (pooler.Login("admin", "pgbouncer"), pooler.Login("admin", "pgbouncer"));
        first.Query("WAIT_CLOSE");
        second.Query("WAIT_CLOSE db");
        pooler.RunFor(2);
        Assert.Empty(first.Messages);

        // It goes on taking commands, and what waits is answered later.
        Assert.Equal("RECONNECT", first.Command("RECONNECT"));
        client.Run("commit", pooler.Servers[0]);
        Assert.Equal(("WAIT_CLOSE", "WAIT_CLOSE"), (first.Answer(), second.Answer()));
        Assert.True(pooler.Servers[0].IsGone);

        // A pause has nothing of it: it waits for the transaction that runs now.
        client.Query("begin");
        pooler.Until(() => pooler.Servers.Count == 2);
        pooler.Servers[1].Serve("begin", TransactionStatus.InTransaction);
        client.Expect("Z");
        first.Expect("Z");
        first.Query("PAUSE");
        pooler.RunFor(2);
        Assert.Empty(first.Messages);
        client.Run("commit", pooler.Servers[1]);
        Assert.Equal("PAUSE", first.Answer());
    }

    [Fact]
    public void APoolThatFaultsOrIsKilledEndsTheWaitForItsServers()
    {
        using var pooler = new ScriptedPooler(databases: "db = host=10.0.0.1\nlog = host=10.0.0.1");
        var (first, second) = (pooler.Login(), pooler.Login(database: "log"));
        first.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        second.Run("begin", pooler.Servers[1], TransactionStatus.InTransaction);
        Assert.Equal("RECONNECT", pooler.Command("RECONNECT"));
        var console = pooler.Login("admin", "pgbouncer");
        console.Query("WAIT_CLOSE");
        pooler.Settle();
        pooler.Tell($"{ActorNames.Pools}/db.*", new Actors.Pools.Released(null!));
        pooler.RunFor(1);
        Assert.Empty(console.Messages);
        Assert.Equal("KILL", pooler.Command("KILL log"));
        Assert.Equal("WAIT_CLOSE", console.Answer());
    }

    [Fact]
    public void KillClientEndsOneClientAndNoOther()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1");
        var (active, waiting) = (pooler.Login(), pooler.Login());
        active.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        waiting.Query("select 1");
        pooler.Settle();
        var console = pooler.Login("admin", "pgbouncer");
        var activeId = pooler.Rows("SHOW CLIENTS").Single(row => row.Contains("|db|", StringComparison.Ordinal) && row.Contains("|active|", StringComparison.Ordinal)).Split('|')[^1];
        Assert.Equal("KILL_CLIENT", console.Command($"KILL_CLIENT {activeId}abc"));
        Assert.Equal("admin forced disconnect", active.ExpectEnd());
        pooler.Until(() => pooler.Servers.Count == 2);
        Assert.True(pooler.Servers[0].IsGone);
        pooler.Servers[1].Serve("select 1");
        waiting.Expect("Z");
        Assert.Equal("client not found", console.Command($"KILL_CLIENT {activeId}"));
        Assert.Equal("client not found", console.Command("KILL_CLIENT 99999999999999999999999"));
        Assert.Equal("invalid client pointer supplied", console.Command("KILL_CLIENT x1"));
        Assert.Equal("invalid client pointer supplied", console.Command("KILL_CLIENT"));
    }

    [Fact]
    public void KillClientOfConsolesEndsThemAndNothingElse()
    {
        using var pooler = new ScriptedPooler();
        var client = pooler.Login();
        var (other, own) = (pooler.Login("admin", "pgbouncer"), pooler.Login("admin", "pgbouncer"));
        var ids = own.Rows("SHOW CLIENTS").Where(row => row.Contains("|pgbouncer|", StringComparison.Ordinal)).Select(row => row.Split('|')[^1]).ToArray();
        Assert.Equal(2, ids.Length);
        Assert.Equal("KILL_CLIENT", own.Command($"KILL_CLIENT {ids[0]}"));
        Assert.Equal("admin forced disconnect", other.ExpectEnd());
        own.Query($"KILL_CLIENT {ids[1]}");
        Assert.Equal("admin forced disconnect", own.ExpectEnd());
        client.Run("select 1", pooler.Servers[0]);
        Assert.Single(pooler.Rows("SHOW POOLS"), row => row.StartsWith("db|", StringComparison.Ordinal));
    }

    [Fact]
    public void KillClientDoesNotReachALogin()
    {
        using var pooler = new ScriptedPooler("auth_type = plain");
        var client = pooler.Connect();
        client.SendStartup();
        client.Expect("R");
        var console = pooler.Connect();
        console.SendStartup("admin", "pgbouncer");
        console.Send(ScriptedPeer.Frame('p', "secret\0"));
        console.Expect("Z");
        Assert.Equal("client not found", console.Command("KILL_CLIENT 1"));
        client.Send(ScriptedPeer.Frame('p', "secret\0"));
        client.Expect("Z");
    }

    private static string? Refusal(ScriptedPooler pooler, string user, string database = "db")
    {
        var client = pooler.Connect();
        client.SendStartup(user, database);
        return client.ExpectEnd();
    }
}
