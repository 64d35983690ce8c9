using System.Text;
using Pooler.Actors.Relay.Prepared;

namespace Pooler.Actors.Tests.Relay.Prepared;

/// <summary>DEALLOCATE of a statement that was prepared by protocol: the command's text, and what becomes of it on its way.</summary>
public sealed class DeallocationTests : StatementRelayScene
{
    private static byte[] Run => [.. Frame('B', "\0\0\0\0\0\0\0\0"), .. Execute, .. Sync];

    [Theory]
    [InlineData("DEALLOCATE s1", "s1")]
    [InlineData("deallocate  Prepare\n _Pg3_0 ; ", "_pg3_0")]
    [InlineData("DEALLOCATE \"Mixed Case\";", "Mixed Case")]
    [InlineData("DEALLOCATE \"all\"", "all")]
    [InlineData("DEALLOCATE prepare", "prepare")]
    [InlineData("DEALLOCATE a$1\u00e4", "a$1\u00e4")]
    [InlineData("DEALLOCATE ALL", null)]
    [InlineData("DEALLOCATE PREPARE all", null)]
    [InlineData("DEALLOCATE", null)]
    [InlineData("DEALLOCATE ", null)]
    [InlineData("DEALLOCATEs1", null)]
    [InlineData("DEALLOCATE \"s1", null)]
    [InlineData("DEALLOCATE \"s\"\"1\"", null)]
    [InlineData("DEALLOCATE \"\"", null)]
    [InlineData("DEALLOCATE 1s", null)]
    [InlineData("DEALLOCATE s1; SELECT 1", null)]
    [InlineData("DEALLOCATE s1 s2", null)]
    [InlineData("DEALLOCATE /* no */ s1", null)]
    [InlineData("DELETE FROM s1", null)]
    [InlineData("", null)]
    [InlineData("DEALLOCATE a234567890123456789012345678901234567890123456789012345678901234", null)]
    public void TheNameIsReadAsPostgreSqlReadsIt(string text, string? expected)
    {
        var buffer = new byte[Deallocation.LongestName];
        var isRead = Deallocation.TryRead(Encoding.Latin1.GetBytes(text), buffer, out var name);
        Assert.Equal(expected, isRead ? Encoding.Latin1.GetString(name) : null);
    }

    [Fact]
    public void TheServerCarriesItOutUnderItsOwnName()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "s1", "select 1");
        Send(client, server, Frame('Q', "DEALLOCATE s1\0"));
        Assert.Equal([Parse("", "DEALLOCATE \"PGBOUNCER_1\""), .. Split(Run)], server.Received());
        Assert.Equal(0, client.Statements!.Count);
        Answer(client, server, "1", "2", "C:DEALLOCATE", "Z");
        Assert.Equal("CZ", client.Types());
        Assert.True(server.Link.IsReleasable);

        // The name is free, and the server is told the text again.
        Send(client, server, Parse("s1", "select 1"), Sync);
        Assert.Equal([Close("PGBOUNCER_1"), Parse("PGBOUNCER_1", "select 1"), Sync], server.Received());
        Answer(client, server, "3", "1", "Z");
        Assert.Equal("1Z", client.Types());
        client.Statements.Clear();
        server.Link.Release(Buffers);
        Assert.Equal((0, 0L, 0), (Cache.Count, Cache.Bytes, Buffers.Rented));
    }

    [Fact]
    public void AServerThatDoesNotKnowItIsToldFirst()
    {
        var client = NewClient();
        Prepare(client, NewServer(), "s1", "select 1");
        var other = NewServer();
        Send(client, other, Frame('Q', "DEALLOCATE s1;\0"));
        Assert.Equal([Parse("PGBOUNCER_1", "select 1"), Parse("", "DEALLOCATE \"PGBOUNCER_1\""), .. Split(Run)], other.Received());
        Answer(client, other, "1", "1", "2", "C:DEALLOCATE", "Z");
        Assert.Equal("CZ", client.Types());
        Assert.True(other.Link.IsReleasable);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhatHasFailedChangesNothing(bool isKnown)
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, isKnown ? server : NewServer(), "s1", "select 1");
        Send(client, server, Frame('Q', "DEALLOCATE s1\0"));
        Answer(client, server, "E:" + Failed, "Z");
        Assert.Equal("EZ", client.Types());
        Assert.True(server.Link.IsReleasable);
        Assert.NotNull(client.Statements!.Find("s1"u8));
        server.Received();
        Send(client, server, Bind("s1"), Sync);
        Assert.Equal(isKnown ? [Bind("PGBOUNCER_1"), Sync] : [Parse("PGBOUNCER_1", "select 1"), Bind("PGBOUNCER_1"), Sync], server.Received());
    }

    [Fact]
    public void AnUnnamedStatementMayGiveANamedOneUp()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "s1", "select 1");
        Send(client, server, Parse("", "DEALLOCATE s1"), Bind(""), Execute, Parse("s1", "select 2"), Sync);
        Assert.Equal([Parse("", "DEALLOCATE \"PGBOUNCER_1\""), Bind(""), Execute, Parse("PGBOUNCER_2", "select 2"), Sync], server.Received());
        Answer(client, server, "1", "2", "C:DEALLOCATE", "1", "Z");
        Assert.Equal("12C1Z", client.Types());
        Assert.True(server.Link.IsReleasable);
        Send(client, server, Bind("s1"), Sync);
        Assert.Equal([Bind("PGBOUNCER_2"), Sync], server.Received());
    }

    [Theory]
    [InlineData("DEALLOCATE other")]
    [InlineData("DEALLOCATE S1 now")]
    [InlineData("delete from s1")]
    public void WhatIsNotMeantGoesAsItIs(string text)
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "s1", "select 1");
        byte[][] requests = [Frame('Q', text + "\0"), Parse("", text), Sync];
        Send(client, server, requests);
        Assert.Equal(requests, server.Received());
        Assert.Equal(1, client.Statements!.Count);
    }

    [Fact]
    public void ItIsFoundWhereverItIsCut()
    {
        byte[] requests = [.. Frame('Q', "DEALLOCATE s1\0"), .. Frame('Q', "do it\0")];
        for (var cut = 1; cut < requests.Length; cut++)
        {
            var server = NewServer();
            var client = NewClient();
            Prepare(client, server, "s1", "select 1");
            Send(client, server, requests[..cut]);
            Send(client, server, requests[cut..]);
            Assert.Equal([Parse("", "DEALLOCATE \"PGBOUNCER_1\""), .. Split(Run), Frame('Q', "do it\0")], server.Received());
            Answer(client, server, "1", "2", "C:DEALLOCATE", "Z", "C:DO", "Z");
            Assert.Equal("CZCZ", client.Types());
        }
    }
}
