using Pooler.Actors.Tests.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Pools;

/// <summary>Replication clients: a server of their own, from the login to the end of the client, whatever the pool mode.</summary>
public sealed partial class ReplicationTests
{
    [Theory]
    [InlineData("true", "yes", "physical")]
    [InlineData("database", "database", "logical")]
    public void ItsServerIsOpenedWithWhatItAsksForAndLinkedRightAway(string asked, string passed, string shown)
    {
        using var pooler = new ScriptedPooler();
        var client = pooler.Connect();
        client.SendStartup("user", "db", ("options", "-c geqo=off"), ("replication", asked), ("application_name", "receiver"));
        client.Expect("Z");
        var server = Assert.Single(pooler.Servers);
        Assert.EndsWith($"database db replication {passed} application_name receiver options -c geqo=off user user", server.Startup, StringComparison.Ordinal);
        Assert.Contains($"|{shown}|active|", Assert.Single(pooler.Rows("SHOW SERVERS")), StringComparison.Ordinal);
        Assert.Contains(pooler.Rows("SHOW CLIENTS"), row => row.Contains($"|{shown}|active|", StringComparison.Ordinal));
        client.Run("IDENTIFY_SYSTEM", server);
        pooler.RunFor(1);
        client.Run("IDENTIFY_SYSTEM", server);
        client.Send(writer => writer.WriteTerminate());
        server.Expect("X");
        pooler.Settle();
        Assert.Single(pooler.Servers);
        Assert.Contains(pooler.Log, line => line.Contains("replication client was closed", StringComparison.Ordinal));
    }

    [Fact]
    public void ItIsWelcomedWithWhatItsOwnServerReports()
    {
        using var pooler = new ScriptedPooler();
        pooler.Login().Run("select 1", pooler.Servers[0]);
        pooler.OnLogin = server => server.LogIn("16.0");
        var client = pooler.Connect();
        client.SendStartup("user", "db", ("replication", "true"), ("TimeZone", "utc"));
        Assert.Equal("S server_version 16.0", client.Expect("S server_version"));

        // It was in force before the client was told.
        Assert.Equal("S TimeZone UTC", client.Expect("S TimeZone"));
        client.Expect("Z");
        client.Run("IDENTIFY_SYSTEM", pooler.Servers[1]);
    }

    [Fact]
    public void TheOthersNeitherGetItsServerNorDoesItGetTheirs()
    {
        using var pooler = new ScriptedPooler("pool_mode = statement");
        var ordinary = pooler.Login();
        ordinary.Run("select 1", pooler.Servers[0]);
        var replication = Replication(pooler);
        Assert.Equal(2, pooler.Servers.Count);

        // A logical connection may be in a transaction, and keeps its server between two requests.
        replication.Run("begin", pooler.Servers[1], TransactionStatus.InTransaction);
        ordinary.Query("select 2");
        pooler.Servers[0].Serve("select 2");
        ordinary.Expect("Z");
        replication.Run("commit", pooler.Servers[1]);
        var (second, third) = (pooler.Login(), pooler.Login());
        second.Query("select 3");
        third.Query("select 4");
        pooler.Until(() => pooler.Servers.Count == 3);
        pooler.Settle();
        Assert.Empty(pooler.Servers[1].Messages);
    }

    [Fact]
    public void AStreamPassesInBothDirectionsAndEndsFromEitherSide()
    {
        using var pooler = new ScriptedPooler("pool_mode = transaction\nquery_timeout = 5\ntransaction_timeout = 5");
        var client = Replication(pooler);
        var server = pooler.Servers[0];
        Stream(client, server);
        server.Send(ScriptedPeer.Frame('d', "wal"));
        client.Expect("d wal");
        client.Send(ScriptedPeer.Frame('d', "status"));
        server.Expect("d status");
        pooler.RunFor(60);

        // The client has enough.
        client.Send(ScriptedPeer.Frame('c', ""));
        server.Expect("c");
        server.Send([.. ScriptedPeer.Frame('d', "late"), .. ScriptedPeer.Frame('c', "")]);
        server.Answer();
        client.Expect("d late");
        client.Expect("c");
        client.Expect("C");
        client.Expect("Z");

        // The server has come to the end of its timeline, and says which one is next.
        Stream(client, server);
        server.Send(ScriptedPeer.Frame('c', ""));
        client.Expect("c");
        client.Send(ScriptedPeer.Frame('c', ""));
        server.Expect("c");
        server.Send(writer =>
        {
            writer.WriteRowDescription([new ColumnDescription("next_tli", 20)]);
            writer.WriteDataRow(["2"]);
            writer.WriteCommandComplete("SELECT");
            writer.WriteCommandComplete("START_STREAMING");
            writer.WriteReadyForQuery(TransactionStatus.Idle);
        });
        client.Expect("D");
        client.Expect("Z");

        // It fails in the middle; what the client says meanwhile is about nothing any more.
        Stream(client, server);
        server.Send(writer => writer.WriteErrorResponse("ERROR", "58P01", "requested WAL segment has already been removed"));
        client.Send(ScriptedPeer.Frame('d', "status"));
        client.Expect("E");
        server.Send(writer => writer.WriteReadyForQuery(TransactionStatus.Idle));
        client.Expect("Z");
        client.Run("IDENTIFY_SYSTEM", server);
        Assert.Single(pooler.Servers);
    }

    [Fact]
    public void ABaseBackupIsSeveralResultsOfOneCommand()
    {
        using var pooler = new ScriptedPooler();
        var client = Replication(pooler);
        var server = pooler.Servers[0];
        client.Query("BASE_BACKUP");
        server.Expect("Q BASE_BACKUP");
        server.Send(writer =>
        {
            writer.WriteRowDescription([new ColumnDescription("recptr", 25)]);
            writer.WriteDataRow(["0/1"]);
            writer.WriteCommandComplete("SELECT");
        });
        server.Send([.. ScriptedPeer.Frame('H', "\0\0\0"), .. ScriptedPeer.Frame('d', "archive"), .. ScriptedPeer.Frame('c', "")]);
        server.Send(writer =>
        {
            writer.WriteRowDescription([new ColumnDescription("recptr", 25)]);
            writer.WriteDataRow(["0/2"]);
            writer.WriteCommandComplete("SELECT");
            writer.WriteCommandComplete("BASE_BACKUP");
            writer.WriteReadyForQuery(TransactionStatus.Idle);
        });
        client.Expect("d archive");
        client.Expect("D");
        client.Expect("Z");
        client.Run("IDENTIFY_SYSTEM", server);
    }

    [Fact]
    public void WhatItSendsAheadOfItsWelcomeIsKept()
    {
        using var pooler = new ScriptedPooler();
        var client = pooler.Connect();
        client.SendStartup("user", "db", ("replication", "true"));
        client.Query("IDENTIFY_SYSTEM");
        pooler.Until(() => pooler.Servers.Count == 1);
        pooler.Servers[0].Serve("IDENTIFY_SYSTEM");
        client.Expect("C");
    }

    [Fact]
    public void AFailedLoginIsThatClientsMatterAlone()
    {
        using var pooler = new ScriptedPooler();
        var ordinary = pooler.Login();
        ordinary.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        pooler.OnLogin = server =>
        {
            if (server.Startup.Contains("replication", StringComparison.Ordinal))
            {
                server.Send(writer => writer.WriteFatal("no pg_hba.conf entry for replication connection", "28000"));
            }
            else
            {
                server.LogIn();
            }
        };
        var client = pooler.Connect();
        client.SendStartup("user", "db", ("replication", "true"));
        Assert.Equal("login failed", client.ExpectEnd());

        // Nobody waits for server_login_retry, and nobody hears of it.
        var other = pooler.Login();
        other.Query("select 1");
        pooler.Until(() => pooler.Servers.Count == 3, 2);
        pooler.Servers[2].Serve("select 1");
        other.Expect("Z");
    }

    [Fact]
    public void AFullPoolDoesWithoutAFreeServerAndNeverGoesBeyondItsSize()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 2");
        var (first, second) = (pooler.Login(), pooler.Login());
        first.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        second.Query("select 1");
        pooler.Until(() => pooler.Servers.Count == 2);
        pooler.Servers[1].Serve("select 1");
        second.Expect("Z");
        var client = pooler.Connect();
        client.SendStartup("user", "db", ("replication", "true"));
        client.Expect("Z");
        Assert.True(pooler.Servers[1].IsGone);
        Assert.Contains(pooler.Log, line => line.Contains("closing because: evicted", StringComparison.Ordinal));
        Assert.Equal(2, pooler.Servers.Count(server => !server.IsGone));

        // Now there is no free one: the next waits, as does whoever wants to share.
        var late = pooler.Connect();
        late.SendStartup("user", "db", ("replication", "true"));
        pooler.Settle();
        second.Query("select 2");
        pooler.RunFor(1);
        Assert.Equal(3, pooler.Servers.Count);
        first.Run("commit", pooler.Servers[0]);
        late.Expect("Z");
        Assert.True(pooler.Servers[0].IsGone);
        client.Send(writer => writer.WriteTerminate());
        pooler.Until(() => pooler.Servers.Count == 5);
        pooler.Servers[4].Serve("select 2");
        second.Expect("Z");
    }

    [Theory]
    [InlineData("max_db_connections = 1")]
    [InlineData("max_user_connections = 1")]
    public void ItsOwnPoolsFreeServerMakesRoomUnderTheOtherLimitsToo(string limit)
    {
        using var pooler = new ScriptedPooler(limit);
        pooler.Login().Run("select 1", pooler.Servers[0]);
        Replication(pooler).Run("IDENTIFY_SYSTEM", pooler.Servers[1]);
        Assert.True(pooler.Servers[0].IsGone);
    }

    [Theory]
    [InlineData("default_pool_size = 1")]
    [InlineData("max_db_connections = 1")]
    [InlineData("max_user_connections = 1")]
    public void WhoCameFirstIsServedFirst(string limit)
    {
        using var pooler = new ScriptedPooler(limit);
        var (first, second) = (pooler.Login(), pooler.Login());
        first.Query("select 1");
        pooler.Settle();
        second.Query("select 2");
        pooler.Settle();
        var client = pooler.Connect();
        client.SendStartup("user", "db", ("replication", "true"));
        pooler.Settle();
        pooler.Servers[0].Serve("select 1");
        pooler.Servers[0].Expect("Q select 2");
        first.Query("select 3");
        pooler.Settle();
        pooler.Servers[0].Answer();
        client.Expect("Z");
        Assert.Equal(2, pooler.Servers.Count);
        client.Send(writer => writer.WriteTerminate());
        pooler.Until(() => pooler.Servers.Count == 3);
        pooler.Servers[2].Serve("select 3");
        first.Expect("Z");
    }

    [Fact]
    public void TheConsoleTakesNoNoticeOfTheParameter()
    {
        using var pooler = new ScriptedPooler();
        var console = pooler.Connect();
        console.SendStartup("admin", "pgbouncer", ("replication", "database"));
        console.Expect("Z");
        Assert.Equal("SHOW", console.Command("SHOW VERSION"));
    }

    private static ScriptedClient Replication(ScriptedPooler pooler)
    {
        var client = pooler.Connect();
        client.SendStartup("user", "db", ("replication", "database"));
        client.Expect("Z");
        return client;
    }

    private static void Stream(ScriptedClient client, ScriptedServer server)
    {
        client.Query("START_REPLICATION");
        server.Expect("Q START_REPLICATION");
        server.Send(ScriptedPeer.Frame('W', "\0\0\0"));
        client.Expect("W");
    }
}
