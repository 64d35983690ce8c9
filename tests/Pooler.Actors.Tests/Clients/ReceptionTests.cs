using Pooler.Actors.Tests.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Clients;

/// <summary>What happens to a connection before it has said who it is.</summary>
public sealed class ReceptionTests
{
    [Fact]
    public void RequestsForEncryptionAreDeclinedAsOftenAsTheyCome()
    {
        using var pooler = new ScriptedPooler();
        var client = pooler.Connect();
        for (var i = 1; i < 4; i++)
        {
            client.Send([0, 0, 0, 8, 4, 210, 22, i % 2 == 0 ? (byte)47 : (byte)48]);
            pooler.Until(() => client.Rest.Count == i);
            Assert.All(client.Rest, answer => Assert.Equal((byte)'N', answer));
        }
    }

    [Theory]
    [InlineData(47, "received unencrypted data after SSL request")]
    [InlineData(48, "received unencrypted data after GSSAPI encryption request")]
    public void NothingMayFollowARequestForEncryptionUnasked(byte code, string text)
    {
        using var pooler = new ScriptedPooler();
        var client = pooler.Connect();
        client.Send([0, 0, 0, 8, 4, 210, 22, code, 0]);
        Assert.Equal(text, client.ExpectEnd());
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 8, 0, 2, 0, 0 }, "old V2 protocol not supported")]
    [InlineData(new byte[] { 0, 0, 0, 8, 0, 9, 0, 0 }, "bad packet header: '0000000800090000'")]
    [InlineData(new byte[] { 0, 0, 0, 9, 0, 3, 0, 0, 0 }, "no username supplied")]
    public void WhatIsNoStartupPacketIsRefused(byte[] packet, string text)
    {
        using var pooler = new ScriptedPooler();
        var client = pooler.Connect();
        client.Send(packet);
        Assert.Equal(text, client.ExpectEnd());
    }

    [Fact]
    public void AStartupPacketMayComeByteByByte()
    {
        using var pooler = new ScriptedPooler();
        var client = pooler.Connect();
        using var writer = new MessageWriter();
        writer.WriteStartupMessage(new("user", "user"), new("database", "db"));
        foreach (var value in writer.Written.ToArray())
        {
            client.Send([value]);
            pooler.Settle();
        }

        client.Expect("Z");
    }

    [Fact]
    public void WhoConnectsAndSaysNothingIsTurnedAwayInTime()
    {
        using var pooler = new ScriptedPooler("client_login_timeout = 3");
        var client = pooler.Connect();
        pooler.RunFor(2.9);
        Assert.False(client.IsGone);
        Assert.Equal("client_login_timeout", client.ExpectEnd(2));
    }

    [Fact]
    public void WhoConnectsAndLeavesIsNotWorthALine()
    {
        using var pooler = new ScriptedPooler();
        var before = pooler.Log.Count;
        pooler.Connect().Peer.Close();
        pooler.RunFor(1);
        Assert.Equal(before, pooler.Log.Count);
    }

    [Fact]
    public void TheLimitOfClientsCountsEveryOpenSocketAndSparesTheConsole()
    {
        using var pooler = new ScriptedPooler("max_client_conn = 2\nauth_type = any", "db = host=10.0.0.1 user=bob");
        var first = pooler.Login();
        pooler.Login();
        var third = pooler.Connect();
        third.SendStartup();
        Assert.Equal("no more connections allowed (max_client_conn)", third.ExpectEnd());
        var console = pooler.Login("admin", "pgbouncer");
        console.Send(writer => writer.WriteTerminate());
        console.ExpectEnd();
        first.Send(writer => writer.WriteTerminate());
        first.ExpectEnd();
        pooler.Settle();
        pooler.Login();
    }

    [Fact]
    public void AnUnknownDatabaseShowsOnlyAfterTheLogin()
    {
        using var pooler = new ScriptedPooler("auth_type = plain");
        var client = pooler.Connect();
        client.SendStartup(database: "nowhere");
        client.Expect("R");
        client.Send(writer => writer.WritePasswordMessage("wrong"u8));
        Assert.Equal("password authentication failed", client.ExpectEnd());
        client = pooler.Connect();
        client.SendStartup(database: "nowhere");
        client.Expect("R");
        client.Send(writer => writer.WritePasswordMessage("secret"u8));
        Assert.Equal("no such database: nowhere", client.ExpectEnd());
    }

    [Fact]
    public void ANewerProtocolIsToldWhatItGets()
    {
        using var pooler = new ScriptedPooler();
        var client = pooler.Connect();
        using var writer = new MessageWriter();
        writer.WriteStartupMessage(new("user", "user"), new("database", "db"), new("_pq_.extra", "1"));
        var packet = writer.Written.ToArray();
        packet[7] = 2;
        client.Send(packet);
        pooler.Until(() => client.Messages.Count > 1);
        Assert.Equal("v", client.Messages.Dequeue()[..1]);
        Assert.Equal("R", client.Messages.Dequeue()[..1]);
        client.Expect("Z");
        Assert.DoesNotContain(client.Messages, message => message.StartsWith('v'));
    }

    [Fact]
    public void ACancelRequestOfTheWrongLengthIsClosedWithoutAWord()
    {
        using var pooler = new ScriptedPooler();
        var client = pooler.Connect();
        client.Send([0, 0, 0, 12, 4, 210, 22, 46, 1, 2, 3, 4]);
        Assert.Null(client.ExpectEnd());
        Assert.Empty(client.Rest);
    }
}
