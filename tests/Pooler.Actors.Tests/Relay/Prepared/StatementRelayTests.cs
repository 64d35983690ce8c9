using System.Net;
using Pooler.Actors.Relay;
using Pooler.Actors.Relay.Prepared;
using Pooler.Actors.Stats;
using Pooler.Actors.Transport;
using Pooler.Actors.Wire;
using Pooler.Testing.Simulation;

namespace Pooler.Actors.Tests.Relay.Prepared;

/// <summary>Named statements on their way through both relays: what servers get, what clients get, what the lists say.</summary>
public sealed class StatementRelayTests : StatementRelayScene
{
    [Fact]
    public void AStatementIsPreparedOnceAndUsedUnderTheServersName()
    {
        var server = NewServer();
        var client = NewClient();
        Send(client, server, Parse("s1", "select 1"), Bind("s1"), Execute, Sync);
        Assert.Equal([Parse("PGBOUNCER_1", "select 1"), Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
        Answer(client, server, "1", "2", "C:SELECT 1", "Z");
        Assert.Equal("12CZ", client.Types());
        Assert.True(server.Link.IsReleasable);
        Send(client, server, Bind("s1"), Execute, Sync);
        Assert.Equal([Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
        Assert.Equal((1, 1, 2), (server.Link.Statistics.ClientParseCount, server.Link.Statistics.ServerParseCount, server.Link.Statistics.BindCount));
    }

    [Fact]
    public void AServerThatDoesNotKnowItGetsItFirstAndTheClientDoesNotNotice()
    {
        var client = NewClient();
        Prepare(client, NewServer(), "s1", "select 1");
        var other = NewServer();
        Send(client, other, Bind("s1"), Describe("s1"), Execute, Sync);
        Assert.Equal([Parse("PGBOUNCER_1", "select 1"), Bind("PGBOUNCER_1"), Describe("PGBOUNCER_1"), Execute, Sync], other.Received());
        Answer(client, other, "1", "2", "t", "T", "C:SELECT 1", "Z");
        Assert.Equal("2tTCZ", client.Types());
        Assert.True(other.Link.IsReleasable);
    }

    [Fact]
    public void ClientsShareATextAndItIsFreedWithItsLastUser()
    {
        var server = NewServer();
        var first = NewClient();
        var second = NewClient();
        Prepare(first, server, "a", "select 1");
        Send(second, server, Parse("b", "select 1"), Sync);
        Assert.Equal([Sync], server.Received());
        Assert.Equal("1", second.Types());
        Answer(second, server, "Z");
        Assert.Equal("Z", second.Types());
        Assert.Equal(1, Cache.Count);
        Assert.True(Cache.Bytes > 8);
        first.Statements!.Clear();
        second.Statements!.Clear();
        Assert.Equal(1, Cache.Count);
        server.Link.Release(Buffers);
        Assert.Equal((0, 0L), (Cache.Count, Cache.Bytes));
    }

    [Fact]
    public void TheSameTextWithOtherTypesIsAnotherStatement()
    {
        var client = NewClient();
        var server = NewServer();
        Prepare(client, server, "a", "select $1");
        Send(client, server, Frame('P', "b\0select $1\0\0\u0001\0\0\0\u0017"), Sync);
        Assert.Equal([Frame('P', "PGBOUNCER_2\0select $1\0\0\u0001\0\0\0\u0017"), Sync], server.Received());
    }

    [Fact]
    public void AnAnswerOfThePoolersOwnComesInItsTurn()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select 1");
        Send(client, server, Bind("a"), Execute, Parse("b", "select 1"), Close("a"), Bind("b"), Execute, Sync);
        Assert.Equal("", client.Types());
        var answer = Messages("2", "D:row of some length", "C:SELECT 1");
        Answer(client, server, answer[..^3]);
        Assert.Equal("2D", client.Types());
        Answer(client, server, answer[^3..]);
        Assert.Equal("C13", client.Types());
        Answer(client, server, "2", "C:SELECT 1", "Z");
        Assert.Equal("2CZ", client.Types());
        Assert.True(server.Link.IsReleasable);
    }

    [Fact]
    public void AnAnswerOfThePoolersOwnDoesNotComeIntoTheMidstOfAnother()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select 1");
        Send(client, server, Describe("a"), Frame('H', ""));
        var answer = Messages("t", "T:a column of some length");
        Answer(client, server, answer[..^9]);
        Send(client, server, Parse("b", "select 1"), Close("a"), Sync);
        Answer(client, server, [.. answer[^9..], .. Messages("Z")]);
        Assert.Equal("tT13Z", client.Types());
    }

    [Fact]
    public void TheOldestStatementsGoWhenThereAreTooMany()
    {
        Limit = 2;
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select 1");
        Prepare(client, server, "b", "select 2");
        Send(client, server, Bind("a"), Execute, Sync);
        Answer(client, server, "2", "C:SELECT 1", "Z");
        server.Received();
        client.Types();
        Send(client, server, Parse("c", "select 3"), Sync);
        Assert.Equal([Close("PGBOUNCER_2"), Parse("PGBOUNCER_3", "select 3"), Sync], server.Received());
        Answer(client, server, "3", "1", "Z");
        Assert.Equal("1Z", client.Types());
        Assert.Equal(2, server.Link.Ledger.Statements!.Count);
        Send(client, server, Bind("b"), Sync);
        Assert.Equal([Close("PGBOUNCER_1"), Parse("PGBOUNCER_2", "select 2"), Bind("PGBOUNCER_2"), Sync], server.Received());
    }

    [Theory]
    [InlineData("DEALLOCATE ALL")]
    [InlineData("DISCARD ALL")]
    public void DeallocateAllForgetsOnBothSides(string tag)
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select 1");
        Send(client, server, Frame('Q', tag + "\0"));
        Answer(client, server, "C:" + tag, "Z");
        Assert.Equal((0, 0, 0), (client.Statements!.Count, server.Link.Ledger.Statements!.Count, Cache.Count));
    }

    [Fact]
    public void ANameThatIsInUseOrUnknownEndsTheClient()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select 1");
        var refused = Send(client, server, Parse("a", "select 2"));
        Assert.Equal(PoolerErrors.PreparedStatementInUse, refused.Text);
        Assert.Equal("prepared statement 'a' was already prepared", refused.Complaint);
        Assert.Equal(PoolerErrors.PreparedStatementDidNotExist, Send(NewClient(), NewServer(), Bind("x")).Text);
        refused = Send(NewClient(), NewServer(), Describe("x"));
        Assert.Equal(PoolerErrors.PreparedStatementDidNotExist, refused.Text);
        Assert.Equal("prepared statement 'x' not found", refused.Complaint);
    }

    [Theory]
    [InlineData('P', "a\0select 1\0", PoolerErrors.BrokenParse)]
    [InlineData('P', "a\0select 1\0\0\u0001", PoolerErrors.BrokenParse)]
    [InlineData('P', "a", PoolerErrors.UnreadableRequest)]
    [InlineData('P', "", PoolerErrors.UnreadableRequest)]
    [InlineData('B', "", PoolerErrors.UnreadableRequest)]
    [InlineData('B', "portal\0a", PoolerErrors.UnreadableRequest)]
    [InlineData('D', "", PoolerErrors.UnreadableRequest)]
    [InlineData('D', "Sa", PoolerErrors.UnreadableRequest)]
    [InlineData('C', "Sa\0b", PoolerErrors.UnreadableRequest)]
    public void ABrokenRequestIsRefused(char type, string body, string text)
    {
        var server = NewServer();
        var result = Send(NewClient(), server, Frame(type, body));
        Assert.Equal(text, result.Text);
        Assert.Equal(text == PoolerErrors.UnreadableRequest ? $"failed to parse prepared statement packet type '{type}'" : null, result.Complaint);
        Assert.Empty(server.Received());
    }

    [Fact]
    public void UnnamedStatementsAndPortalsPassUnchanged()
    {
        byte[][] requests =
            [Frame('P', "\0select 1\0\0\0"), Frame('B', "p\0\0\0\0\0\0\0\0"), Frame('D', "Pp\0"), Frame('D', "S\0"), Frame('C', "Pp\0"), Frame('C', "S\0"), Sync];
        var server = NewServer();
        Send(NewClient(), server, requests);
        Assert.Equal(requests, server.Received());
        Assert.Null(server.Link.Ledger.Statements);
    }

    [Fact]
    public void HoweverTheBytesAreSplitTheSameComesOut()
    {
        byte[] all = [.. Parse("name", "select $1"), .. Bind("name", new string('v', 200)), .. Describe("name"), .. Execute, .. Close("name"), .. Sync];
        byte[] expected =
            [.. Parse("PGBOUNCER_1", "select $1"), .. Bind("PGBOUNCER_1", new string('v', 200)), .. Describe("PGBOUNCER_1"), .. Execute, .. Sync];
        for (var cut = 0; cut <= all.Length; cut++)
        {
            var test = new StatementRelayTests();
            var server = test.NewServer();
            var client = test.NewClient();
            test.Send(client, server, all[..cut]);
            test.Send(client, server, all[cut..]);
            Assert.Equal(expected, server.Bytes());
            Assert.Equal(0, test.Buffers.Rented);
        }

        var slow = new StatementRelayTests();
        var one = slow.NewServer();
        var patient = slow.NewClient();
        foreach (var value in all)
        {
            slow.Send(patient, one, [value]);
        }

        Assert.Equal(expected, one.Bytes());
    }

    [Fact]
    public void ABindInSteadyStateAllocatesNothing()
    {
        var link = new ServerLink(new SilentConnection(), new ConnectTarget.Tcp(IPAddress.Loopback, 1), new PoolStatistics(), default, new ParameterValues(Tracked));
        link.Retry.IsEnabled = true;
        var silent = new SilentConnection();
        var requests = default(FrameStream<RequestPolicy>);
        requests.Policy.Rewrites = true;
        ClientStatements? statements = null;
        byte[] parse = [.. Parse("a", "select 1"), .. Sync];
        byte[] batch = [.. Bind("a"), .. Describe("a"), .. Execute, .. Sync];
        byte[] answer = Messages("2", "T:column", "D:row", "C:SELECT 1", "Z");
        var limits = new RequestLimits(int.MaxValue, false, 200);
        RequestRelay.Relay(ref requests, ref statements, Rewriter, link, silent, parse, Buffers, limits, 1);
        ResponseRelay.Relay(link, silent, null, Messages("1", "Z"), Buffers, Writer, int.MaxValue, 2);
        void Round()
        {
            RequestRelay.Relay(ref requests, ref statements, Rewriter, link, silent, batch, Buffers, limits, 1);
            ResponseRelay.Relay(link, silent, null, answer, Buffers, Writer, int.MaxValue, 2);
        }

        Round();
        Assert.True(link.IsReady);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Round();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
