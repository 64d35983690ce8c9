using System.Net;
using Pooler.Actors.Configuration;
using Pooler.Actors.Relay;
using Pooler.Actors.Relay.Prepared;
using Pooler.Actors.Stats;
using Pooler.Actors.Tests.Supervision;
using Pooler.Actors.Transport;
using Pooler.Actors.Wire;
using Pooler.Testing.Simulation;

namespace Pooler.Actors.Tests.Relay.State;

/// <summary>Requests and answers through both relays, and what is known of the session afterwards.</summary>
public sealed class StateTrackerTests
{
    private readonly BufferPool _buffers = new(64);
    private readonly RecordingConnection _client = new();
    private readonly TrackedParameters _tracked = new(["search_path"]);
    private readonly StatementRewriter _rewriter = new(new PreparedStatementCache());
    private readonly MessageWriter _writer = new();
    private readonly ServerLink _link;
    private FrameStream<RequestPolicy> _requests;
    private ClientStatements? _statements;
    private bool _rewrites = true;

    public StateTrackerTests()
    {
        _link = new ServerLink(
            new RecordingConnection(), new ConnectTarget.Tcp(IPAddress.Loopback, 1), new PoolStatistics(), default, new ParameterValues(_tracked));
        _link.Parameters.TrySet("client_encoding"u8, "UTF8"u8);
        _link.BeginTracking(StateTracking.Pin, null);
    }

    private string Reasons => _link.Tracker!.Session?.Describe(StateTracking.Pin) ?? "";

    [Fact]
    public void AQueryCountsWhenItIsDoneHoweverItIsSplit()
    {
        byte[] request = Query("SELECT 1; LISTEN a; SET b.c = 1");
        byte[] answer = Answers("T:x", "D:x", "C:SELECT 1", "C:LISTEN", "C:SET", "Z:I");
        for (var cut = 0; cut <= answer.Length; cut++)
        {
            var test = new StateTrackerTests();
            test.Send(request[..(cut % request.Length)]);
            test.Send(request[(cut % request.Length)..]);
            test.Receive(answer[..cut]);
            Assert.Equal(cut == answer.Length, test._link.Tracker!.IsPinned);
            test.Receive(answer[cut..]);
            Assert.Equal("LISTEN a; SET b.c", test.Reasons);
            Assert.Equal(answer, test._client.Sent);
        }
    }

    [Fact]
    public void APipelineCountsAsFarAsItWent()
    {
        Send(Batch("LISTEN a"), Frame('S', ""), Batch("LISTEN b"), Batch("SELECT broken"), Batch("LISTEN c"), Frame('S', ""), Batch("LISTEN d"), Frame('S', ""));
        Receive("1:", "2:", "C:LISTEN", "Z:I", "1:", "2:", "C:LISTEN", "E:S", "Z:I", "1:", "2:", "C:LISTEN", "Z:I");
        Assert.Equal("LISTEN a, d", Reasons);
    }

    [Fact]
    public void APortalKnowsItsStatement()
    {
        Send(Parse("s", "LISTEN a"), Parse("", "LISTEN b"), Bind("p", "s"), Bind("q", ""), Bind("r", "s"), Parse("", "SELECT 1"), Bind("", ""), Execute(""), Execute("q"), Frame('S', ""));
        Receive("1:", "1:", "2:", "2:", "2:", "1:", "2:", "C:SELECT 1", "C:LISTEN", "Z:I");
        Assert.Equal("LISTEN b", Reasons);
        Send(Bind("", "s"), Execute(""), Frame('S', ""));
        Receive("2:", "C:LISTEN", "Z:I");
        Assert.Equal("LISTEN b, a", Reasons);
    }

    [Fact]
    public void APortalOfTheNextTransactionOutlivesTheEndOfThisOne()
    {
        Send(Batch("SELECT 1"), Frame('S', ""), Parse("", "LISTEN a"), Bind("p", ""));
        Receive("1:", "2:", "C:SELECT 1", "Z:I");
        Send(Execute("p"), Frame('S', ""));
        Receive("1:", "2:", "C:LISTEN", "Z:I");
        Assert.Equal("LISTEN a", Reasons);
    }

    [Fact]
    public void OfTooManyPortalsTheTagsTell()
    {
        Send(Parse("", "LISTEN a"));
        Receive("1:");
        for (var i = 0; i <= 1000; i++)
        {
            Send(Bind($"p{i}", ""));
            Receive("2:");
        }

        Send(Execute("p1000"), Frame('S', ""));
        Receive("C:LISTEN", "Z:I");
        Assert.Equal("LISTEN", Reasons);
    }

    [Fact]
    public void AQueryInAPipelineHasStatementsOfItsOwn()
    {
        Send(Batch("BEGIN"), Query("LISTEN a; COMMIT"));
        Receive("1:", "2:", "C:BEGIN", "C:LISTEN", "C:COMMIT", "Z:I");
        Assert.Equal("LISTEN a", Reasons);
    }

    [Fact]
    public void NamedStatementsAreStateWhereTheyAreNotRewritten()
    {
        _rewrites = false;
        Send(Parse("s", "LISTEN a"), Bind("", "s"), Execute(""), Frame('S', ""));
        Receive("1:", "2:", "C:LISTEN", "Z:I");
        Assert.Equal("LISTEN a; PREPARE s", Reasons);
        Send(Frame('C', "Ss\0"), Frame('S', ""), Query("UNLISTEN *"));
        Receive("3:", "Z:I", "C:UNLISTEN", "Z:I");
        Assert.False(_link.Tracker!.IsPinned);
        Assert.True(_link.Tracker.WasPinned);
    }

    [Fact]
    public void TransactionsTakeBackWhatPostgresTakesBack()
    {
        Run("BEGIN; LISTEN a", 'T', "BEGIN", "LISTEN");
        Run("SAVEPOINT s", 'T', "SAVEPOINT");
        Run("SET b.c = 1", 'T', "SET");
        Run("SELECT pg_advisory_lock(1), 2", 'T', "SELECT 1");
        Run("ROLLBACK TO s", 'T', "ROLLBACK");
        Assert.Equal("advisory lock", Reasons);
        Run("COMMIT", 'I', "COMMIT");
        Assert.Equal("LISTEN a; advisory lock", Reasons);
        Run("BEGIN; DISCARD TEMP; UNLISTEN *; ROLLBACK; SELECT pg_advisory_unlock_all()", 'I', "BEGIN", "DISCARD TEMP", "UNLISTEN", "ROLLBACK", "SELECT 1");
        Assert.Equal("LISTEN a", Reasons);
        Run("BEGIN; UNLISTEN a", 'E', "BEGIN", "UNLISTEN");
        Run("COMMIT", 'I', "ROLLBACK");
        Assert.Equal("LISTEN a", Reasons);
    }

    [Fact]
    public void ASavepointWithoutAKnownNameTakesBackNothingForSure()
    {
        Run("BEGIN; UNLISTEN x; LISTEN a; SAVEPOINT s; SAVEPOINT U&\"t\"; LISTEN b", 'T', "BEGIN", "UNLISTEN", "LISTEN", "SAVEPOINT", "SAVEPOINT", "LISTEN");
        Run("ROLLBACK TO U&\"t\"", 'T', "ROLLBACK");
        Run("ROLLBACK TO s; ROLLBACK TO s; COMMIT", 'I', "ROLLBACK", "ROLLBACK", "COMMIT");
        Assert.StartsWith("LISTEN a", Reasons, StringComparison.Ordinal);
        Run("BEGIN; UNLISTEN *; UNLISTEN *; SAVEPOINT s; SAVEPOINT U&\"t\"", 'T', "BEGIN", "UNLISTEN", "UNLISTEN", "SAVEPOINT", "SAVEPOINT");
        Run("ROLLBACK TO U&\"t\"; ROLLBACK TO s; COMMIT", 'I', "ROLLBACK", "ROLLBACK", "COMMIT");
        Assert.StartsWith("LISTEN a", Reasons, StringComparison.Ordinal);
    }

    [Fact]
    public void ARollbackThatNobodyHasReadMayBeOneToASavepoint()
    {
        Run("BEGIN; LISTEN a; SAVEPOINT s", 'T', "BEGIN", "LISTEN", "SAVEPOINT");
        Run($"SELECT '{new string('x', 100_000)}'; ROLLBACK TO s", 'T', "SELECT 1", "ROLLBACK");
        Run("COMMIT", 'I', "COMMIT");
        Assert.Equal("LISTEN a", Reasons);
    }

    [Fact]
    public void OfVeryManyStatementsInOneTransactionNothingIsLost()
    {
        Run("BEGIN", 'T', "BEGIN");
        for (var i = 0; i < 10_000; i++)
        {
            Run("LISTEN a", 'T', "LISTEN");
        }

        Run("UNLISTEN *; LISTEN b; SET c.d = 1; ROLLBACK", 'I', "UNLISTEN", "LISTEN", "SET", "ROLLBACK");
        Assert.Equal("LISTEN; SET", Reasons);
    }

    [Fact]
    public void OfVeryManySavepointsNobodyKnowsWhatTheyTakeBack()
    {
        Run("BEGIN; SAVEPOINT s; LISTEN a", 'T', "BEGIN", "SAVEPOINT", "LISTEN");
        for (var i = 0; i < 10_000; i++)
        {
            Run("SAVEPOINT s", 'T', "SAVEPOINT");
        }

        Run("ROLLBACK TO s; COMMIT", 'I', "ROLLBACK", "COMMIT");
        Assert.Equal("LISTEN a", Reasons);
        Run("DISCARD ALL", 'I', "DISCARD ALL");
        Run("BEGIN; SAVEPOINT s; LISTEN a; ROLLBACK TO s; COMMIT", 'I', "BEGIN", "SAVEPOINT", "LISTEN", "ROLLBACK", "COMMIT");
        Assert.Equal("", Reasons);
    }

    [Fact]
    public void ACommitInTheMidstOfATextCounts()
    {
        Send(Query("BEGIN; LISTEN a; COMMIT; LISTEN b; SELECT broken"));
        Receive("C:BEGIN", "C:LISTEN", "C:COMMIT", "C:LISTEN", "E:S", "Z:I");
        Assert.Equal("LISTEN a", Reasons);
    }

    [Theory]
    [InlineData("t", 1, "advisory lock")]
    [InlineData("f", 1, "")]
    [InlineData("\u0001", 1, "advisory lock")]
    [InlineData("\0", 1, "")]
    [InlineData("t", 3, "3 advisory locks")]
    public void RowsTellOfLocks(string value, int rows, string expected)
    {
        var row = Frame('D', $"\0\u0001\0\0\0\u0001{value}");
        byte[] answer = [.. Answers("T:x"), .. Enumerable.Repeat(row, rows).SelectMany(bytes => bytes), .. Answers("C:SELECT 1", "Z:I")];
        for (var cut = 0; cut <= answer.Length; cut++)
        {
            var test = new StateTrackerTests();
            test.Send(Query("SELECT pg_try_advisory_lock(generate_series(1, 3))"));
            test.Receive(answer[..cut]);
            test.Receive(answer[cut..]);
            Assert.Equal(expected, test.Reasons);
        }
    }

    [Fact]
    public void OfALongTextTheTagsTell()
    {
        var rest = new string('x', 100_000);
        Send(Query($"SELECT 1; INSERT INTO t VALUES ('{rest}'); LISTEN a; SELECT pg_advisory_lock(1)"));
        Receive("C:SELECT 1", "C:INSERT 0 1", "C:LISTEN", "C:SELECT 1", "Z:I");
        Assert.Equal("LISTEN", Reasons);
        Run("UNLISTEN a", 'I', "UNLISTEN");
        Assert.Equal("LISTEN", Reasons);
        Run("UNLISTEN *", 'I', "UNLISTEN");
        Assert.False(_link.Tracker!.IsPinned);
    }

    [Fact]
    public void AStatementThatIsNotKnownIsKnownByItsTag()
    {
        // It was parsed in a way that nobody has read.
        _link.HasMeantUnnamed = true;
        Send(Bind("", ""), Execute(""), Frame('S', ""));
        Receive("2:", "C:SET", "Z:I");
        Assert.Equal("SET", Reasons);
    }

    [Theory]
    [InlineData("SELECT pg_advisory_lock(1)", "SELECT 1", "advisory lock")]
    [InlineData("CREATE TABLE t (n int)", "CREATE TABLE", "")]
    [InlineData("SET work_mem = '1MB'", "SET", "SET work_mem")]
    public void AnUnnamedStatementOfAnEarlierLoanIsKnown(string text, string tag, string expected)
    {
        Send(Parse("", text), Frame('D', "S\0"), Frame('S', ""));
        Receive("1:", "t:\0\0", "n:", "Z:I");
        _link.EndTracking();
        _link.BeginTracking(StateTracking.Pin, null);
        Send(Bind("", ""), Execute(""), Frame('S', ""));
        Receive("2:", "D:\0\u0001\0\0\0\0", $"C:{tag}", "Z:I");
        Assert.Equal(expected, Reasons);
    }

    [Fact]
    public void DiscardAllCountsWhateverFailsBehindItInItsBatch()
    {
        Run("SET work_mem = '1MB'; LISTEN a", 'I', "SET", "LISTEN");
        Send(Batch("DISCARD ALL"), Batch("LISTEN b"), Batch("SELECT broken"), Frame('S', ""));
        Receive("1:", "2:", "C:DISCARD ALL", "1:", "2:", "C:LISTEN", "E:S", "Z:I");
        Assert.Equal("", Reasons);
    }

    [Fact]
    public void WhatThePoolerCarriesIsNoState()
    {
        Run("SET client_encoding = 'latin1'; SET NAMES 'UTF8'", 'I', "SET", "SET");
        Assert.Equal("", Reasons);

        // A tracked name that the server does not report is not carried.
        Run("SET search_path = a", 'I', "SET");
        Assert.Equal("SET search_path", Reasons);
    }

    [Fact]
    public void ThePoolersOwnQueriesAreNobodysState()
    {
        _link.Ledger.Add(ExpectedResponse.Query, ResponseAction.Skip);
        Receive("C:SET", "C:LISTEN", "Z:I");
        Run("SELECT 1; LISTEN a", 'I', "SELECT 1", "LISTEN");
        Assert.Equal("LISTEN a", Reasons);
    }

    [Fact]
    public void ThePoolIsToldOfOneThatWasKept()
    {
        Run("LISTEN a; UNLISTEN a", 'I', "LISTEN", "UNLISTEN");
        Assert.False(_link.Tracker!.WasPinned);
        Run("LISTEN a", 'I', "LISTEN");
        Run("DISCARD ALL", 'I', "DISCARD ALL");
        Assert.False(_link.Tracker.IsPinned);
        Assert.True(_link.Tracker.WasPinned);
        var session = _link.Tracker.Session;
        _link.EndTracking();
        _link.BeginTracking(StateTracking.Pin, session);
        Assert.False(_link.Tracker.WasPinned);
    }

    [Fact]
    public void ANoticeStandsBeforeReadyForQuery()
    {
        byte[] answer = Answers("C:LISTEN", "Z:I");
        for (var cut = 0; cut <= answer.Length; cut++)
        {
            var test = new StateTrackerTests();
            test._link.BeginTracking(StateTracking.Warn, null);
            test.Send(Query("LISTEN a"));
            test.Receive(answer[..cut]);
            test.Receive(answer[cut..]);
            using var notice = new MessageWriter();
            notice.WriteNoticeResponse(PoolerErrors.SessionStateNotice("LISTEN a"), sqlState: "01000");
            Assert.Equal([.. Answers("C:LISTEN"), .. notice.Written, .. Answers("Z:I")], test._client.Sent);
            Assert.Equal(["LISTEN a"], test._link.Tracker!.TakeTold()!);
            test.Run("LISTEN b", 'I', "LISTEN");
            Assert.Null(test._link.Tracker.TakeTold());
            Assert.False(test._link.Tracker.IsPinned);
        }
    }

    [Fact]
    public void AQueryWithoutStateCostsNoMemory()
    {
        byte[] request = [.. Parse("", "SELECT a FROM t WHERE id = $1"), .. Bind("", ""), .. Execute(""), .. Frame('S', ""), .. Query("SELECT 1")];
        byte[] answer = Answers("1:", "2:", "D:x", "C:SELECT 1", "Z:I", "T:x", "D:x", "C:SELECT 1", "Z:I");
        var limits = new RequestLimits(int.MaxValue, false, 200);
        _requests.Policy.Rewrites = true;
        _requests.Policy.Tracks = true;
        var connection = new SilentConnection();
        var link = new ServerLink(connection, new ConnectTarget.Tcp(IPAddress.Loopback, 1), new PoolStatistics(), default, new ParameterValues(_tracked));
        link.BeginTracking(StateTracking.Replay, null);
        long before = 0;
        for (var i = 0; i < 300; i++)
        {
            if (i == 200)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            RequestRelay.Relay(ref _requests, ref _statements, _rewriter, link, connection, request, _buffers, limits, 1);
            ResponseRelay.Relay(link, connection, null, answer, _buffers, _writer, int.MaxValue, 2);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(link.IsReleasable);
    }

    private static byte[] Query(string text) => Frame('Q', text + "\0");

    private static byte[] Parse(string name, string text) => Frame('P', $"{name}\0{text}\0\0\0");

    private static byte[] Bind(string portal, string name) => Frame('B', $"{portal}\0{name}\0\0\0\0\0\0\0");

    private static byte[] Execute(string portal) => Frame('E', $"{portal}\0\0\0\0\0");

    private static byte[] Batch(string text) => [.. Parse("", text), .. Bind("", ""), .. Execute("")];

    private static byte[] Frame(char type, string body) => ScriptedPeer.Frame(type, body);

    private static byte[] Answers(params string[] messages) =>
        [.. messages.SelectMany(message => Frame(message[0], message[0] == 'C' ? message[2..] + "\0" : message[2..]))];

    private void Run(string text, char status, params string[] tags)
    {
        Send(Query(text));
        Receive([.. tags.Select(tag => $"C:{tag}"), $"Z:{status}"]);
    }

    private void Send(params byte[][] requests)
    {
        _requests.Policy.Rewrites = _rewrites;
        _requests.Policy.Tracks = true;
        var limits = new RequestLimits(int.MaxValue, false, _rewrites ? 200 : 0);
        var bytes = requests.SelectMany(request => request).ToArray();
        Assert.Equal(RelayStatus.Open, RequestRelay.Relay(ref _requests, ref _statements, _rewriter, _link, _client, bytes, _buffers, limits, 1).Status);
    }

    private void Receive(params string[] messages) => Receive(Answers(messages));

    private void Receive(byte[] bytes) =>
        Assert.Null(ResponseRelay.Relay(_link, _client, new ParameterValues(_tracked), bytes, _buffers, _writer, int.MaxValue, 2).Text);
}
