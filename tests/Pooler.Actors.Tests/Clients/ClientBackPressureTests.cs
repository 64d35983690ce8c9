using System.Globalization;
using Pooler.Actors.Tests.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Clients;

/// <summary>Clients that send faster than their server takes or answers, through the whole pooler.</summary>
public sealed class ClientBackPressureTests
{
    private const int Long = 200_000;

    private static byte[] Sync => ScriptedPeer.Frame('S', "");

    [Fact]
    public void ManyUsesOfLongStatementsThatAreAlwaysSentAnewWaitForTheServer()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1\nmax_prepared_statements = 1");
        var client = pooler.Login();
        var server = pooler.Servers[0];
        foreach (var name in new[] { "a", "b" })
        {
            client.Send([.. ScriptedPeer.Frame('P', $"{name}\0select '{name}'{new string(' ', Long)}\0\0\0"), .. Sync]);
            server.Expect("S");
            server.Send([.. name == "b" ? ScriptedPeer.Frame('3', "") : [], .. ScriptedPeer.Frame('1', "")]);
            server.Send(writer => writer.WriteReadyForQuery(TransactionStatus.Idle));
            client.Expect("Z");
        }

        server.Peer.PauseReading();
        client.Send([.. Enumerable.Range(0, 300).SelectMany(i => ScriptedPeer.Frame('D', $"S{(i % 2 == 0 ? "a" : "b")}\0")), .. Sync]);
        pooler.Settle();

        // Two hundred times more would have been made of what is there already.
        Assert.InRange(SendAvailable(pooler), 1, 3 * Long);
        server.Peer.ResumeReading();
        server.Expect("S");
        server.Send([.. Enumerable.Repeat<byte[]>(
            [.. ScriptedPeer.Frame('3', ""), .. ScriptedPeer.Frame('1', ""), .. ScriptedPeer.Frame('t', "\0\0"), .. ScriptedPeer.Frame('n', "")], 300).SelectMany(answer => answer)]);
        server.Send(writer => writer.WriteReadyForQuery(TransactionStatus.Idle));
        for (var i = 0; i < 300; i++)
        {
            client.Expect("n");
        }

        client.Expect("Z");
        pooler.Login().Run("select 2", server);
    }

    [Fact]
    public void WhatThePoolerAnswersItselfWaitsForTheServerToo()
    {
        // More than the network takes by itself.
        const int Many = 300_000;
        using var pooler = new ScriptedPooler("default_pool_size = 1");
        var client = pooler.Login();
        var server = pooler.Servers[0];
        client.Query("select 1");
        server.Expect("Q");
        client.Send([.. Enumerable.Repeat(ScriptedPeer.Frame('C', "Sx\0"), Many).SelectMany(request => request), .. Sync]);
        server.Expect("H");
        pooler.Settle();
        Assert.True(client.Peer.Unsent > 0, "the pooler has read everything");
        server.Answer();
        server.Expect("S");
        server.Send(writer => writer.WriteReadyForQuery(TransactionStatus.Idle));
        client.Expect("Z");
        for (var i = 0; i < Many; i++)
        {
            client.Expect("3");
        }

        client.Expect("Z");
        pooler.Login().Run("select 2", server);
    }

    [Fact]
    public void ATransactionWhoseClientHadToWaitIsStillTheSame()
    {
        using var pooler = new ScriptedPooler("default_pool_size = 1");
        var client = pooler.Login();
        var server = pooler.Servers[0];
        client.Send([.. ScriptedPeer.Frame('P', "known\0select 1\0\0\0"), .. Sync]);
        server.Expect("S");
        server.Send(ScriptedPeer.Frame('1', ""));
        server.Send(writer => writer.WriteReadyForQuery(TransactionStatus.Idle));
        client.Expect("Z");
        var before = Transactions(pooler);
        client.Query("begin; savepoint s");
        server.Serve("begin; savepoint s", TransactionStatus.InTransaction);
        client.Expect("Z");

        // Whether the name is free is known when its Parse has failed; the pooler then answers the second one itself.
        client.Send([
            .. ScriptedPeer.Frame('P', "a\0bad\0\0\0"), .. Sync, .. ScriptedPeer.Frame('Q', "rollback to s\0"), .. ScriptedPeer.Frame('P', "a\0select 1\0\0\0"),
        ]);
        server.Expect("H");
        server.Send(ScriptedPeer.Frame('E', "SERROR\0C42601\0Mbad\0\0"));
        server.Send(writer => writer.WriteReadyForQuery(TransactionStatus.Failed));
        server.Send(ScriptedPeer.Frame('C', "ROLLBACK\0"));
        server.Send(writer => writer.WriteReadyForQuery(TransactionStatus.InTransaction));
        client.Expect("1");
        client.Query("rollback");
        server.Serve("rollback");
        client.Expect("Z");
        Assert.Equal(1, Transactions(pooler) - before);
    }

    private static int Transactions(ScriptedPooler pooler) =>
        int.Parse(pooler.Rows("SELECT total_xact_count FROM stats WHERE database = 'db'").Single(), CultureInfo.InvariantCulture);

    private static int SendAvailable(ScriptedPooler pooler) =>
        int.Parse(pooler.Rows("SELECT send_avail FROM sockets WHERE type = 'C' AND user = 'user'").Single(), CultureInfo.InvariantCulture);
}
