using Pooler.Actors.Tests.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Clients;

/// <summary>A client's requests and a server's answers, through the whole pooler.</summary>
public sealed class ClientExchangeTests
{
    [Fact]
    public void ACopyThatFailsInTheMiddleOfAMessageKeepsTheServerUntilTheMessageIsWhole()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1");
        var first = pooler.Login();
        var server = pooler.Servers[0];
        first.Query("copy t from stdin");
        server.Expect("Q copy");
        server.Send(ScriptedPeer.Frame('G', "\0\0\0"));
        first.Expect("G");

        // The server fails while half a message is on its way to it.
        var data = ScriptedPeer.Frame('d', new string('x', 100));
        first.Send(data[..40]);
        pooler.Settle();
        server.Send(writer =>
        {
            writer.WriteErrorResponse("ERROR", "22P04", "no");
            writer.WriteReadyForQuery(TransactionStatus.Idle);
        });
        first.Expect("Z");
        var second = pooler.Login();
        second.Query("select 2");
        pooler.Settle();
        Assert.Empty(server.Messages);
        first.Send(data[40..]);
        Assert.Equal("d " + new string('x', 100), server.Expect("d"));
        server.Serve("select 2");
        second.Expect("Z");
    }

    [Fact]
    public void AFlushAloneDoesNotKeepTheServer()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1");
        var first = pooler.Login();
        first.Send(writer => writer.WriteFlush());
        pooler.Settle();
        pooler.Login().Run("select 2", pooler.Servers[0]);
    }

    [Theory]
    [InlineData("trust", "")]
    [InlineData("plain", "secret")]
    public void RequestsThatFollowTheLoginInOneBreathAreServed(string type, string password)
    {
        using var pooler = new ScriptedPooler($"auth_type = {type}");
        var client = pooler.Connect();
        client.Send(writer =>
        {
            writer.WriteStartupMessage(new("user", "user"), new("database", "db"));
            if (password.Length > 0)
            {
                writer.WritePasswordMessage("secret"u8);
            }

            writer.WriteQuery("select 1");
            writer.WriteQuery("select 2");
        });
        pooler.Until(() => pooler.Servers.Count == 1);
        pooler.Servers[0].Serve("select 1");
        pooler.Servers[0].Serve("select 2");
        client.Expect("Z");
        client.Expect("Z");
        client.Expect("Z");
    }

    [Theory]
    [InlineData("trust", "")]
    [InlineData("plain", "secret")]
    public void ACommandThatFollowsTheConsolesLoginInOneBreathIsAnswered(string type, string password)
    {
        using var pooler = new ScriptedPooler($"auth_type = {type}\nadmin_users = user");
        var client = pooler.Connect();
        client.Send(writer =>
        {
            writer.WriteStartupMessage(new("user", "user"), new("database", "pgbouncer"));
            if (password.Length > 0)
            {
                writer.WritePasswordMessage("secret"u8);
            }

            writer.WriteQuery("show version");
        });
        client.Expect("Z");
        client.Expect("T");
        client.Expect("Z");
    }

    [Fact]
    public void AMessageOfNoKnownTypeCostsNoServer()
    {
        using var pooler = new ScriptedPooler();
        var client = pooler.Login();
        client.Send(ScriptedPeer.Frame('?', ""));
        Assert.Equal("unknown pkt", client.ExpectEnd());
        pooler.Login().Run("select 1", pooler.Servers[0]);
        Assert.Single(pooler.Servers);
    }

    [Fact]
    public void ASimpleQueryWhereItIsNotAllowedCostsNoServer()
    {
        using var pooler = new ScriptedPooler("disable_pqexec = 1");
        var client = pooler.Login();
        client.Query("select 1");
        Assert.Equal("PQexec disallowed", client.ExpectEnd());
        pooler.Settle();
        Assert.DoesNotContain(pooler.Servers[0].Messages, message => message.StartsWith('Q'));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("select 1")]
    public void AClientThatLeavesMidTransactionTakesItsServerAlong(string? query)
    {
        using var pooler = new ScriptedPooler();
        var client = pooler.Login();
        if (query is null)
        {
            client.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        }
        else
        {
            client.Query(query);
            pooler.Servers[0].Expect("Q " + query);
        }

        client.Peer.Close();
        pooler.Until(() => pooler.Servers[0].IsGone);
        Assert.Contains(pooler.Log, line => line.Contains("closing because: client disconnect while server was not ready", StringComparison.Ordinal));
    }

    [Fact]
    public void AClientThatLeavesBetweenTransactionsLeavesItsServer()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1");
        var client = pooler.Login();
        client.Run("select 1", pooler.Servers[0]);
        client.Send(writer => writer.WriteTerminate());
        client.ExpectEnd();
        pooler.Login().Run("select 2", pooler.Servers[0]);
        Assert.Single(pooler.Servers);
    }

    [Fact]
    public void AnErrorAndTheEndOfTheServerInOneBreathReachTheClientInThatOrder()
    {
        using var pooler = new ScriptedPooler();
        var client = pooler.Login();
        client.Query("select 1");
        var server = pooler.Servers[0];
        server.Expect("Q");
        server.Send(writer => writer.WriteFatal("terminating connection due to administrator command", "57P01"));
        server.Peer.Close();
        Assert.Contains("terminating connection", client.Expect("E"), StringComparison.Ordinal);
        Assert.Contains("server conn crashed?", client.Expect("E"), StringComparison.Ordinal);
        client.ExpectEnd();
    }

    [Fact]
    public void AnAnswerThatNobodyAskedForReachesNobody()
    {
        using var pooler = new ScriptedPooler("pool_mode = session");
        var client = pooler.Login();
        client.Run("select 1", pooler.Servers[0]);
        pooler.Servers[0].Send(writer => writer.WriteDataRow(["of another client"]));
        Assert.Equal("server conn crashed?", client.ExpectEnd());
        Assert.DoesNotContain(client.Messages, message => message.StartsWith('D'));
        pooler.Until(() => pooler.Servers[0].IsGone);
        Assert.Contains(pooler.Log, line => line.Contains("a response that nobody asked for", StringComparison.Ordinal));
    }

    [Fact]
    public void ANotificationComesWhileAClientKeepsItsServerIdle()
    {
        using var pooler = new ScriptedPooler("pool_mode = session");
        var client = pooler.Login();
        client.Run("listen x", pooler.Servers[0]);
        pooler.Servers[0].Send(ScriptedPeer.Frame('A', "\0\0\0\u0001x\0y\0"));
        client.Expect("A");
        client.Run("select 1", pooler.Servers[0]);
    }

    [Fact]
    public void ATransactionEndsStatementMode()
    {
        using var pooler = new ScriptedPooler("pool_mode = statement");
        var client = pooler.Login();
        client.Query("begin");
        pooler.Servers[0].Serve("begin", TransactionStatus.InTransaction);
        Assert.Equal("transaction blocks not allowed in statement pooling mode", client.ExpectEnd());
        pooler.Until(() => pooler.Servers[0].IsGone);
    }

    [Fact]
    public void ParametersOfAClientComeBeforeItsRequest()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1");
        var client = pooler.Connect();
        client.Send(writer => writer.WriteStartupMessage(new("user", "user"), new("database", "db"), new("application_name", "a'b")));
        client.Expect("Z");
        client.Query("select 1");
        var server = pooler.Servers[0];
        Assert.Equal("Q SET application_name='a''b';", server.Expect("Q").TrimEnd());
        pooler.Settle();
        Assert.Empty(server.Messages);
        server.Send(writer =>
        {
            writer.WriteCommandComplete("SET");
            writer.WriteParameterStatus("application_name", "a'b");
            writer.WriteReadyForQuery(TransactionStatus.Idle);
        });
        server.Serve("select 1");
        Assert.Equal("C OK", client.Expect("C"));

        // It holds on this server now.
        client.Run("select 2", server);
    }

    [Fact]
    public void AServerThatRefusesAParameterIsClosed()
    {
        using var pooler = new ScriptedPooler();
        var client = pooler.Connect();
        client.Send(writer => writer.WriteStartupMessage(new("user", "user"), new("database", "db"), new("TimeZone", "Nowhere")));
        client.Expect("Z");
        client.Query("select 1");
        pooler.Servers[0].Expect("Q SET");
        pooler.Servers[0].Send(writer =>
        {
            writer.WriteErrorResponse("ERROR", "22023", "invalid value");
            writer.WriteReadyForQuery(TransactionStatus.Idle);
        });
        Assert.Equal("invalid server parameter", client.ExpectEnd());
        pooler.Until(() => pooler.Servers[0].IsGone);
    }

    [Fact]
    public void AClientThatDoesNotReadHoldsItsServerBackAndNobodyElse()
    {
        using var pooler = new ScriptedPooler();
        pooler.Network.Options = pooler.Network.Options with { SmallestBuffer = 4096, LargestBuffer = 4096 };
        var (slow, other) = (pooler.Login(), pooler.Login());
        slow.Peer.PauseReading();
        slow.Query("select 1");
        var server = pooler.Servers[0];
        server.Expect("Q");
        var row = new string('x', 200_000);
        server.Send(writer =>
        {
            for (var i = 0; i < 10; i++)
            {
                writer.WriteDataRow([row]);
            }

            writer.WriteCommandComplete("SELECT 10");
            writer.WriteReadyForQuery(TransactionStatus.Idle);
        });
        pooler.RunFor(1);

        // Most of the answer is still the server's: the pooler does not keep it for the client.
        Assert.True(server.Peer.Unsent > 1_500_000, $"{server.Peer.Unsent}");
        other.Query("select 2");
        pooler.Until(() => pooler.Servers.Count == 2);
        pooler.Servers[1].Serve("select 2");
        other.Expect("Z");
        slow.Peer.ResumeReading();
        pooler.Until(() => slow.Messages.Count == 12);
        Assert.Equal(10, slow.Messages.Count(message => message.EndsWith(row, StringComparison.Ordinal)));
    }

    [Fact]
    public void AServerThatDoesNotReadHoldsItsClientBack()
    {
        using var pooler = new ScriptedPooler();
        pooler.Network.Options = pooler.Network.Options with { SmallestBuffer = 4096, LargestBuffer = 4096 };
        var client = pooler.Login();
        var server = pooler.Servers[0];
        server.Peer.PauseReading();
        var text = new string('x', 2_000_000);
        client.Query(text);
        pooler.RunFor(1);
        Assert.True(client.Peer.Unsent > 1_500_000, $"{client.Peer.Unsent}");
        server.Peer.ResumeReading();
        server.Serve(text);
        client.Expect("Z");
    }

    [Fact]
    public void AMessageBeyondTheLargestPacketIsRefused()
    {
        using var pooler = new ScriptedPooler("max_packet_size = 100");
        var client = pooler.Login();
        client.Query(new string('x', 94));
        pooler.Servers[0].Serve(new string('x', 94));
        client.Expect("Z");
        client.Query(new string('x', 95));
        Assert.Equal("bad packet header: '5100000064'", client.ExpectEnd());
    }

    [Fact]
    public void TheConsoleShowsItselfAmongTheClients()
    {
        using var pooler = new ScriptedPooler("admin_users = user");
        pooler.Login();
        var console = pooler.Login(database: "pgbouncer");
        console.Query("show clients");
        console.Expect("T");
        pooler.Until(() => console.Messages.Any(message => message.StartsWith('Z')));
        Assert.Equal(2, console.Messages.Count(message => message.StartsWith('D')));
        Assert.Contains(console.Messages, message => message.StartsWith('D') && message.Contains("pgbouncer", StringComparison.Ordinal));
        console.Messages.Clear();
        console.Query("show pools");
        pooler.Until(() => console.Messages.Any(message => message.StartsWith('Z')));
        Assert.Contains(console.Messages, message => message.StartsWith('D') && message.Contains("pgbouncer", StringComparison.Ordinal));
    }

    [Fact]
    public void AnErrorInAPipelineSkipsToTheSync()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1");
        var client = pooler.Login();
        client.Send(writer =>
        {
            writer.WriteParse("", "bad");
            writer.WriteBind("", "");
            writer.WriteExecute("");
            writer.WriteSync();
            writer.WriteParse("", "good");
            writer.WriteBind("", "");
            writer.WriteExecute("");
            writer.WriteSync();
        });
        var server = pooler.Servers[0];
        pooler.Until(() => server.Messages.Count(message => message.StartsWith('S')) == 2);
        server.Send(writer =>
        {
            writer.WriteErrorResponse("ERROR", "42601", "syntax");
            writer.WriteReadyForQuery(TransactionStatus.Idle);
        });
        client.Expect("Z");

        // The server is not free between the two.
        var other = pooler.Login();
        other.Query("select 2");
        pooler.Settle();
        server.Send(writer =>
        {
            writer.WriteParseComplete();
            writer.WriteBindComplete();
            writer.WriteCommandComplete("SELECT 1");
            writer.WriteReadyForQuery(TransactionStatus.Idle);
        });
        client.Expect("Z");
        server.Serve("select 2");
        other.Expect("Z");
    }
}
