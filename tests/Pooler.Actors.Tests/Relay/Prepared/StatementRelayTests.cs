using System.Buffers.Binary;
using System.Net;
using System.Text;
using Pooler.Actors.Relay;
using Pooler.Actors.Relay.Prepared;
using Pooler.Actors.Stats;
using Pooler.Actors.Transport;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Relay.Prepared;

/// <summary>Named statements on their way through both relays: what servers get, what clients get, what the lists say.</summary>
public sealed class StatementRelayTests
{
    private const string Changed = "SERROR\0C0A000\0Mcached plan must not change result type\0RRevalidateCachedQuery\0\0";
    private const string Failed = "SERROR\0C42P01\0Mno such table\0\0";
    private readonly PreparedStatementCache _cache = new();
    private readonly StatementRewriter _rewriter;
    private readonly BufferPool _buffers = new(64);
    private readonly MessageWriter _writer = new();
    private readonly TrackedParameters _tracked = new([]);
    private int _limit = 200;

    public StatementRelayTests() => _rewriter = new StatementRewriter(_cache);

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
        Assert.Equal(1, _cache.Count);
        Assert.True(_cache.Bytes > 8);
        first.Statements!.Clear();
        second.Statements!.Clear();
        Assert.Equal(1, _cache.Count);
        server.Link.Release(_buffers);
        Assert.Equal((0, 0L), (_cache.Count, _cache.Bytes));
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
    public void AFailedParseLeavesNothingBehindAndTheNameIsFree()
    {
        var server = NewServer();
        var client = NewClient();
        Send(client, server, Parse("a", "select from"), Bind("a"), Execute, Parse("b", "select 2"), Sync);
        Answer(client, server, "E:" + Failed, "Z");
        Assert.Equal("EZ", client.Types());
        Assert.Equal((0, 0, 0), (client.Statements!.Count, server.Link.Ledger.Statements!.Count, _cache.Count));
        Prepare(client, server, "a", "select 1");
        Assert.Equal(1, client.Statements.Count);
    }

    [Fact]
    public void ASkippedCloseIsTakenBack()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select 1");
        Send(client, server, Frame('P', "\0bad\0\0\0"), Close("a"), Parse("a", "select 2"), Sync);
        Answer(client, server, "E:" + Failed, "Z");
        Assert.Equal("EZ", client.Types());
        server.Received();
        Send(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
        Assert.Equal(1, _cache.Count);
    }

    [Fact]
    public void WhatFollowsAnErrorUpToTheSyncIsSkippedToo()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "known", "select 1");
        Send(client, server, Frame('B', "\0\0\0\0\0\0\0\0"));
        Answer(client, server, "E:" + Failed);
        Send(client, server, Parse("late", "select 1"), Bind("late"), Close("known"), Sync);
        Answer(client, server, "Z");
        Assert.Equal("EZ", client.Types());
        Assert.Equal("known", Assert.Single(new[] { "known", "late" }, name => client.Statements!.Find(Encoding.ASCII.GetBytes(name)) is not null));
    }

    [Fact]
    public void ALaterBatchDoesNotRelyOnOneThatIsUnderWay()
    {
        _limit = 1;
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select 1");
        Prepare(client, NewServer(), "b", "select 2");

        // The first batch fails before it closes a and parses b, the second one has to do both itself.
        Send(client, server, Frame('P', "\0bad\0\0\0"), Bind("b"), Sync, Bind("b"), Execute, Sync, Bind("a"), Execute, Sync);
        Assert.Equal(
            [
                Frame('P', "\0bad\0\0\0"), Close("PGBOUNCER_1"), Parse("PGBOUNCER_2", "select 2"), Bind("PGBOUNCER_2"), Sync,
                Close("PGBOUNCER_2"), Parse("PGBOUNCER_2", "select 2"), Bind("PGBOUNCER_2"), Execute, Sync,
                Close("PGBOUNCER_1"), Close("PGBOUNCER_2"), Parse("PGBOUNCER_1", "select 1"), Bind("PGBOUNCER_1"), Execute, Sync,
            ],
            server.Received());
        Answer(client, server, "E:" + Failed, "Z", "3", "1", "2", "C:SELECT 1", "Z", "3", "3", "1", "2", "C:SELECT 1", "Z");
        Assert.Equal("EZ2CZ2CZ", client.Types());
        Assert.True(server.Link.IsReleasable);
        Send(client, server, Bind("a"), Sync);
        Assert.Equal([Bind("PGBOUNCER_1"), Sync], server.Received());
    }

    [Fact]
    public void AStatementPreparedBehindADiscardIsThere()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select 1");
        Send(client, server, Frame('Q', "discard all\0"), Parse("b", "select 1"), Bind("b"), Execute, Sync);
        Assert.Equal(
            [Frame('Q', "discard all\0"), Close("PGBOUNCER_1"), Parse("PGBOUNCER_1", "select 1"), Bind("PGBOUNCER_1"), Execute, Sync],
            server.Received());
        Answer(client, server, "C:DISCARD ALL", "Z", "3", "1", "2", "C:SELECT 1", "Z");
        Assert.Equal("CZ12CZ", client.Types());
        Assert.Null(client.Statements!.Find("a"u8));
        Send(client, server, Bind("b"), Sync);
        Assert.Equal([Bind("PGBOUNCER_1"), Sync], server.Received());
    }

    [Fact]
    public void AnErrorOfAnInsertedParseIsTheClients()
    {
        var client = NewClient();
        Prepare(client, NewServer(), "a", "select * from t");
        var server = NewServer();
        Send(client, server, Bind("a"), Execute, Sync);
        Answer(client, server, "E:" + Failed, "Z");
        Assert.Equal("EZ", client.Types());
        Assert.Equal((1, 0), (client.Statements!.Count, server.Link.Ledger.Statements!.Count));
        Assert.True(server.Link.IsReleasable);
    }

    [Fact]
    public void TheOldestStatementsGoWhenThereAreTooMany()
    {
        _limit = 2;
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

    [Fact]
    public void AnEvictionThatWasSkippedDidNotHappen()
    {
        _limit = 1;
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select 1");
        Send(client, server, Frame('P', "\0bad\0\0\0"), Parse("b", "select 2"), Sync);
        Answer(client, server, "E:" + Failed, "Z");
        server.Received();
        Send(client, server, Bind("a"), Sync);
        Assert.Equal([Bind("PGBOUNCER_1"), Sync], server.Received());
        Assert.Equal(1, _cache.Count);
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
        Assert.Equal((0, 0, 0), (client.Statements!.Count, server.Link.Ledger.Statements!.Count, _cache.Count));
    }

    [Fact]
    public void ANameThatIsInUseOrUnknownEndsTheClient()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select 1");
        Assert.Equal(PoolerErrors.PreparedStatementInUse, Send(client, server, Parse("a", "select 2")).Text);
        Assert.Equal("prepared statement 'a' was already prepared", _rewriter.TakeComplaint());
        Assert.Equal(PoolerErrors.PreparedStatementDidNotExist, Send(NewClient(), NewServer(), Bind("x")).Text);
        Assert.Equal(PoolerErrors.PreparedStatementDidNotExist, Send(NewClient(), NewServer(), Describe("x")).Text);
        Assert.Equal("prepared statement 'x' not found", _rewriter.TakeComplaint());
    }

    [Theory]
    [InlineData('P', "a\0select 1\0", PoolerErrors.BrokenParse)]
    [InlineData('P', "a\0select 1\0\0\u0001", PoolerErrors.BrokenParse)]
    [InlineData('P', "a", PoolerErrors.BrokenParse)]
    [InlineData('P', "", PoolerErrors.BrokenParse)]
    [InlineData('B', "", PoolerErrors.BrokenBind)]
    [InlineData('B', "portal\0a", PoolerErrors.BrokenBind)]
    [InlineData('D', "", PoolerErrors.BrokenDescribe)]
    [InlineData('D', "Sa", PoolerErrors.BrokenDescribe)]
    [InlineData('C', "Sa\0b", PoolerErrors.BrokenClose)]
    public void ABrokenRequestIsRefused(char type, string body, string text)
    {
        var server = NewServer();
        Assert.Equal(text, Send(NewClient(), server, Frame(type, body)).Text);
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
            Assert.Equal(0, test._buffers.Rented);
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
    public void ABatchWhosePlanIsOutOfDateIsMadeAgain()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select * from t");
        Send(client, server, Bind("a"), Describe("a"), Execute, Sync);
        byte[][] batch = server.Received();
        Answer(client, server, "E:" + Changed);
        Assert.True(server.Link.IsClientHeld);
        Assert.Empty(server.Received());
        Answer(client, server, "Z");
        Assert.False(server.Link.IsClientHeld);
        Assert.Equal([Close("PGBOUNCER_1"), Parse("PGBOUNCER_1", "select * from t"), .. batch], server.Received());
        Assert.Equal("", client.Types());
        Answer(client, server, "3", "1", "2", "T", "C:SELECT 1", "Z");
        Assert.Equal("2TCZ", client.Types());
        Assert.True(server.Link.IsReleasable);
        Assert.Equal(0, _buffers.Rented);
        Send(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([Bind("PGBOUNCER_1"), Execute, Sync], server.Received());
    }

    [Fact]
    public void ABatchIsMadeAgainOnlyOnce()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select * from t");
        Send(client, server, Bind("a"), Execute, Sync);
        Answer(client, server, "E:" + Changed, "Z", "3", "1", "E:" + Changed, "Z");
        Assert.Equal("EZ", client.Types());
        Assert.True(server.Link.IsReleasable);
    }

    [Fact]
    public void ABatchThatParsesStatementsItselfIsMadeAgainAsItIs()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select * from t");
        Prepare(client, NewServer(), "b", "select 2");
        Send(client, server, Bind("a"), Execute, Bind("b"), Execute, Bind("b"), Execute, Sync);
        var batch = server.Received();
        Answer(client, server, "E:" + Changed, "Z");
        Assert.Equal([Close("PGBOUNCER_1"), Parse("PGBOUNCER_1", "select * from t"), .. batch], server.Received());
        Answer(client, server, "3", "1", "2", "C:SELECT 1", "1", "2", "C:SELECT 1", "2", "C:SELECT 1", "Z");
        Assert.Equal("2C2C2CZ", client.Types());
        Assert.True(server.Link.IsReleasable);
    }

    [Fact]
    public void ABatchThatFailsWhenMadeAgainLeavesNoFalseBelief()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select * from t");
        Prepare(client, NewServer(), "b", "select 2");
        Send(client, server, Bind("a"), Execute, Sync);
        Answer(client, server, "E:" + Changed, "Z", "3", "E:" + Failed, "Z");
        Assert.Equal("EZ", client.Types());
        Send(client, server, Bind("b"), Sync);
        Answer(client, server, "1", "2", "Z");
        server.Received();
        Send(client, server, Bind("a"), Sync);
        Assert.Equal([Close("PGBOUNCER_1"), Parse("PGBOUNCER_1", "select * from t"), Bind("PGBOUNCER_1"), Sync], server.Received());
    }

    [Fact]
    public void APlanThatWasNotMadeAnewIsStillOutOfDate()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select * from t");
        server.Link.Ledger.Statements!.MarkAllStale();
        Send(client, server, Frame('P', "\0bad\0\0\0"), Bind("a"), Sync);
        Answer(client, server, "E:" + Failed, "Z");
        server.Received();
        Send(client, server, Bind("a"), Sync);
        Assert.Equal([Close("PGBOUNCER_1"), Parse("PGBOUNCER_1", "select * from t"), Bind("PGBOUNCER_1"), Sync], server.Received());
    }

    [Fact]
    public void ANameThatALaterBatchHasGivenAgainStays()
    {
        var server = NewServer();
        var client = NewClient();
        Send(client, server, Frame('P', "\0bad\0\0\0"), Parse("a", "select 1"), Sync, Close("a"), Parse("a", "select 1"), Sync);
        Answer(client, server, "E:" + Failed, "Z", "3", "1", "Z");
        Assert.Equal("EZ31Z", client.Types());
        Assert.NotNull(client.Statements!.Find("a"u8));
    }

    [Fact]
    public void WhoLeavesWithAnswersOutstandingLeavesNothing()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select 1");
        Send(client, server, Frame('Q', "select pg_sleep(9)\0"), Close("a"));
        client.Statements!.Clear();
        server.Link.Release(_buffers);
        Assert.Equal(0, _cache.Count);
    }

    [Fact]
    public void AnErrorOfAnyLengthPasses()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select 1");
        Send(client, server, Bind("a"), Execute, Sync);
        var error = Messages("E:SERROR\0M" + new string('x', 2_000_000) + "\0\0");
        Answer(client, server, error[..1000]);
        Answer(client, server, error[1000..]);
        Answer(client, server, "Z");
        Assert.Equal("EZ", client.Types());
    }

    [Fact]
    public void AResetThatHasComeInPartIsExpectedToo()
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select 1");
        var reset = Frame('Q', "discard all\0");
        Send(client, server, reset[..6]);
        Send(client, server, [.. reset[6..], .. Bind("a"), .. Sync]);
        Assert.Equal([reset, Close("PGBOUNCER_1"), Parse("PGBOUNCER_1", "select 1"), Bind("PGBOUNCER_1"), Sync], server.Received());
    }

    [Theory]
    [InlineData("in a transaction")]
    [InlineData("more in flight")]
    [InlineData("switched off")]
    [InlineData("another error")]
    public void WhereItCannotBeMadeAgainTheClientGetsTheError(string reason)
    {
        var server = NewServer();
        var client = NewClient();
        Prepare(client, server, "a", "select * from t");
        server.Link.Retry.IsEnabled = reason != "switched off";
        server.Link.TransactionStatus = reason == "in a transaction" ? TransactionStatus.InTransaction : TransactionStatus.Idle;
        Send(client, server, Bind("a"), Execute, Sync);
        if (reason == "more in flight")
        {
            Send(client, server, Frame('Q', "select 2\0"));
        }

        Answer(client, server, "E:" + (reason == "another error" ? Failed : Changed), "Z");
        Assert.Equal("EZ", client.Types());
        server.Received();
        if (reason == "more in flight")
        {
            Answer(client, server, "C:SELECT 1", "Z");
        }

        // The next use gets a new plan, unless there is nothing wrong with the old one.
        Send(client, server, Bind("a"), Sync);
        byte[][] expected = reason == "another error"
            ? [Bind("PGBOUNCER_1"), Sync]
            : [Close("PGBOUNCER_1"), Parse("PGBOUNCER_1", "select * from t"), Bind("PGBOUNCER_1"), Sync];
        Assert.Equal(expected, server.Received());
    }

    [Fact]
    public void ABindInSteadyStateAllocatesNothing()
    {
        var link = new ServerLink(new SilentConnection(), new ConnectTarget.Tcp(IPAddress.Loopback, 1), new PoolStatistics(), default, new ParameterValues(_tracked));
        link.Retry.IsEnabled = true;
        var silent = new SilentConnection();
        var requests = default(FrameStream<RequestPolicy>);
        requests.Policy.Rewrites = true;
        ClientStatements? statements = null;
        byte[] parse = [.. Parse("a", "select 1"), .. Sync];
        byte[] batch = [.. Bind("a"), .. Describe("a"), .. Execute, .. Sync];
        byte[] answer = Messages("2", "T:column", "D:row", "C:SELECT 1", "Z");
        var limits = new RequestLimits(int.MaxValue, false, 200);
        RequestRelay.Relay(ref requests, ref statements, _rewriter, link, silent, parse, _buffers, limits, 1);
        ResponseRelay.Relay(link, silent, null, Messages("1", "Z"), _buffers, _writer, int.MaxValue, 2);
        void Round()
        {
            RequestRelay.Relay(ref requests, ref statements, _rewriter, link, silent, batch, _buffers, limits, 1);
            ResponseRelay.Relay(link, silent, null, answer, _buffers, _writer, int.MaxValue, 2);
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

    private static byte[] Execute => Frame('E', "\0\0\0\0\0");

    private static byte[] Sync => Frame('S', "");

    private static byte[] Parse(string name, string text) => Frame('P', $"{name}\0{text}\0\0\0");

    private static byte[] Bind(string name, string value = "") => Frame('B', $"\0{name}\0\0\0\0\u0001\0\0\0{(char)value.Length}{value}\0\0");

    private static byte[] Describe(string name) => Frame('D', $"S{name}\0");

    private static byte[] Close(string name) => Frame('C', $"S{name}\0");

    private static byte[] Frame(char type, string body)
    {
        var bytes = Encoding.Latin1.GetBytes(body);
        var frame = new byte[5 + bytes.Length];
        frame[0] = (byte)type;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), 4 + bytes.Length);
        bytes.CopyTo(frame, 5);
        return frame;
    }

    /// <summary>Messages of a server: a type, and a body behind a colon.</summary>
    private static byte[] Messages(params string[] messages) => [.. messages.SelectMany(message => message switch
    {
        "Z" => Frame('Z', "I"),
        [var type, ':', .. var body] => Frame(type, type == 'E' ? body : body + "\0"),
        _ => Frame(message[0], ""),
    })];

    private static byte[][] Split(byte[] bytes)
    {
        var messages = new List<byte[]>();
        for (var position = 0; position < bytes.Length;)
        {
            var length = 1 + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(position + 1));
            messages.Add(bytes[position..(position + length)]);
            position += length;
        }

        return [.. messages];
    }

    private Server NewServer() => new(_tracked);

    private Client NewClient() => new();

    private void Prepare(Client client, Server server, string name, string text)
    {
        Send(client, server, Parse(name, text), Sync);
        Answer(client, server, "1", "Z");
        Assert.Equal("1Z", client.Types());
        server.Received();
    }

    private RelayResult Send(Client client, Server server, params byte[][] requests)
    {
        client.Requests.Policy.Rewrites = true;
        server.Link.ClientStatements = client.Statements;
        return RequestRelay.Relay(
            ref client.Requests,
            ref client.Statements,
            _rewriter,
            server.Link,
            client.Connection,
            requests.SelectMany(request => request).ToArray(),
            _buffers,
            new RequestLimits(int.MaxValue, false, _limit),
            1);
    }

    private void Answer(Client client, Server server, params string[] messages) => Answer(client, server, Messages(messages));

    private void Answer(Client client, Server server, byte[] bytes) =>
        Assert.Null(ResponseRelay.Relay(server.Link, client.Connection, null, bytes, _buffers, _writer, int.MaxValue, 2).Text);

    private sealed class Client
    {
        public readonly RecordingConnection Connection = new();
        public FrameStream<RequestPolicy> Requests;
        public ClientStatements? Statements;
        private int _seen;

        /// <summary>The types of the messages that have come since the last time.</summary>
        public string Types()
        {
            var bytes = Connection.Sent[_seen..];
            var types = "";
            var position = 0;
            while (position < bytes.Length && position + 1 + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(position + 1)) <= bytes.Length)
            {
                types += (char)bytes[position];
                position += 1 + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(position + 1));
            }

            _seen += position;
            return types;
        }
    }

    private sealed class Server
    {
        private readonly RecordingConnection _connection = new();
        private int _seen;

        public Server(TrackedParameters tracked)
        {
            Link = new ServerLink(_connection, new ConnectTarget.Tcp(IPAddress.Loopback, 1), new PoolStatistics(), default, new ParameterValues(tracked));
            Link.Retry.IsEnabled = true;
        }

        public ServerLink Link { get; }

        /// <summary>Everything it got.</summary>
        public byte[] Bytes() => _connection.Sent;

        /// <summary>The messages that have come since the last time.</summary>
        public byte[][] Received()
        {
            var bytes = _connection.Sent[_seen..];
            _seen += bytes.Length;
            return Split(bytes);
        }
    }
}
