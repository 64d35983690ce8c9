using Pooler.Actors.Tests.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Clients;

/// <summary>Which version of the protocol clients and servers get, and the cancel keys that go with it.</summary>
public sealed class ProtocolVersionTests
{
    private const int Version31 = ProtocolCode.Version3 + 1;
    private const int Version33 = ProtocolCode.Version32 + 1;

    [Theory]
    [InlineData(ProtocolCode.Version3, "", null, 0)]
    [InlineData(ProtocolCode.Version3, "_pq_.a", "v \0\u0003\0\0\0\0\0\u0001_pq_.a\0", 0)]
    [InlineData(Version31, "", "v \0\u0003\0\0\0\0\0\0", 0)]
    [InlineData(ProtocolCode.Version32, "", null, 28)]
    [InlineData(ProtocolCode.Version32, "_pq_.a", "v \0\u0003\0\u0002\0\0\0\u0001_pq_.a\0", 28)]
    [InlineData(Version33, "", "v \0\u0003\0\u0002\0\0\0\0", 28)]
    [InlineData(ProtocolCode.LastVersion3, "", "v \0\u0003\0\u0002\0\0\0\0", 28)]
    public void AClientIsToldOnceWhatItGetsIfThatIsNotAllThatItAskedFor(int version, string option, string? answer, int tail)
    {
        using var pooler = new ScriptedPooler();
        var client = pooler.Connect();
        client.SendStartup(version, "user", "db", option.Length == 0 ? [] : [(option, "1")]);
        pooler.Until(() => client.Messages.Any(message => message.StartsWith('Z')));
        var negotiations = client.Messages.Where(message => message.StartsWith('v')).ToArray();
        if (answer is null)
        {
            Assert.Empty(negotiations);
        }
        else
        {
            Assert.Equal(answer.Replace('\0', ' ').TrimEnd(), Assert.Single(negotiations));
            Assert.StartsWith("v", client.Messages.Peek(), StringComparison.Ordinal);
        }

        Assert.Equal(tail, client.KeyTail.Length);
        Assert.True(client.Key.ProcessId >= 0);
        client.Run("select 1", pooler.Servers[0]);
    }

    [Fact]
    public void ALongKeyCancelsAsAWholeAndNotInPart()
    {
        using var pooler = new ScriptedPooler();
        var client = pooler.Connect();
        client.SendStartup(ProtocolCode.Version32);
        client.Expect("Z");
        client.Query("select 1");
        pooler.Servers[0].Expect("Q");
        foreach (var tail in new byte[][] { [], client.KeyTail[1..], [.. client.KeyTail, 0], [.. client.KeyTail[..^1], (byte)~client.KeyTail[^1]] })
        {
            Assert.Null(Request(pooler, client.Key, tail).ExpectEnd(1));
        }

        Assert.Equal(4, pooler.Log.Count(line => line.Contains("closing because: failed cancel request", StringComparison.Ordinal)));
        Assert.Single(pooler.Servers);
        client.Cancel();
        pooler.Until(() => pooler.Servers.Count == 2 && pooler.Servers[1].CancelKey is not null);
        Assert.Equal(pooler.Servers[0].Key, pooler.Servers[1].CancelKey);
        Assert.Empty(pooler.Servers[1].CancelKeyTail);
    }

    [Fact]
    public void AShortKeyHasNoTail()
    {
        using var pooler = new ScriptedPooler();
        var client = pooler.Login();
        client.Query("select 1");
        pooler.Servers[0].Expect("Q");
        var tail = new byte[CancelKeyTail.Size];
        CancelKeyTail.Make(client.Key, tail);
        Assert.Null(Request(pooler, client.Key, tail).ExpectEnd(1));
        Assert.Single(pooler.Servers);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(261)]
    [InlineData(9000)]
    public void WhatCanBeNoKeyIsNotLookedUp(int length)
    {
        using var pooler = new ScriptedPooler();
        var asking = pooler.Connect();
        asking.Send([0, 0, (byte)((8 + length) >> 8), (byte)(8 + length), 4, 210, 22, 46, .. new byte[length]]);
        Assert.Null(asking.ExpectEnd(1));
        Assert.Contains(pooler.Log, line => line.Contains("closing because: bad cancel request", StringComparison.Ordinal));
    }

    [Fact]
    public void AConsoleSessionHasALongKeyToo()
    {
        using var pooler = new ScriptedPooler();
        pooler.Login().Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        var console = pooler.Connect();
        console.SendStartup(ProtocolCode.Version32, "admin", "pgbouncer");
        console.Expect("Z");
        Assert.Equal(CancelKeyTail.Size, console.KeyTail.Length);
        console.Query("PAUSE");
        pooler.Settle();
        Assert.Null(Request(pooler, console.Key, []).ExpectEnd(1));
        pooler.Settle();
        Assert.DoesNotContain(console.Messages, message => message.StartsWith('Z'));
        console.Cancel();
        console.Expect("Z");
    }

    [Theory]
    [InlineData("3.0", ProtocolCode.Version3)]
    [InlineData("3.2", ProtocolCode.Version32)]
    public void AServersKeyGoesBackToItWhole(string setting, int version)
    {
        byte[] tail = [.. Enumerable.Range(0, 252).Select(i => (byte)i)];
        using var pooler = new ScriptedPooler("server_protocol_version = " + setting) { OnLogin = server => server.LogIn(keyTail: tail) };
        var client = pooler.Login();
        Assert.Equal(version, pooler.Servers[0].Version);
        client.Query("select 1");
        pooler.Servers[0].Expect("Q");
        client.Cancel();
        pooler.Until(() => pooler.Servers.Count == 2 && pooler.Servers[1].CancelKey is not null);
        Assert.Equal(pooler.Servers[0].Key, pooler.Servers[1].CancelKey);
        Assert.Equal(tail, pooler.Servers[1].CancelKeyTail);
        Assert.Empty(client.KeyTail);
    }

    [Fact]
    public void AServerThatSpeaksAnOlderVersionIsSpokenToInThat()
    {
        using var pooler = new ScriptedPooler("server_protocol_version = 3.2")
        {
            OnLogin = server =>
            {
                server.Send(writer => writer.WriteNegotiateProtocolVersion(ProtocolCode.Version3, []));
                server.LogIn();
            },
        };
        pooler.Login().Run("select 1", pooler.Servers[0]);
    }

    private static ScriptedClient Request(ScriptedPooler pooler, CancelKey key, byte[] tail)
    {
        var asking = pooler.Connect();
        asking.Send(writer => writer.WriteCancelRequest(key, tail));
        return asking;
    }
}
