using System.Net;
using Pooler.Actors.Relay;
using Pooler.Actors.Relay.Prepared;
using Pooler.Actors.Stats;
using Pooler.Actors.Tests.Supervision;
using Pooler.Actors.Transport;
using Pooler.Actors.Wire;
using Pooler.Testing.Simulation;

namespace Pooler.Actors.Tests.Relay;

public sealed class RelayTests
{
    private static readonly RequestLimits Limits = new(int.MaxValue, false, 0);
    private readonly BufferPool _buffers = new(64);
    private readonly RecordingConnection _server = new();
    private readonly RecordingConnection _client = new();
    private readonly TrackedParameters _tracked = new([]);
    private readonly ServerLink _link;
    private readonly ParameterValues _clientParameters;
    private readonly StatementRewriter _rewriter = new(new PreparedStatementCache());
    private readonly MessageWriter _writer = new();
    private FrameStream<RequestPolicy> _requests;
    private ClientStatements? _statements;

    public RelayTests()
    {
        _link = new ServerLink(_server, new ConnectTarget.Tcp(IPAddress.Loopback, 1), new PoolStatistics(), default, new ParameterValues(_tracked));
        _clientParameters = new ParameterValues(_tracked);
    }

    [Fact]
    public void AQueryAndItsAnswerPassUnchangedHoweverTheyAreSplit()
    {
        byte[] request = Frame('Q', "select 1\0");
        byte[] answer = [.. Frame('T', "column"), .. Frame('D', new string('x', 300)), .. Frame('C', "SELECT 1\0"), .. Ready('I')];
        for (var cut = 0; cut <= answer.Length; cut++)
        {
            var test = new RelayTests();
            Assert.Equal(RelayStatus.Open, test.Request(request[..(cut % request.Length)]).Status);
            Assert.Equal(RelayStatus.Open, test.Request(request[(cut % request.Length)..]).Status);
            Assert.Equal(request, test._server.Sent);
            Assert.False(test._link.IsReleasable);
            Assert.Equal(RelayStatus.Open, test.Respond(answer[..cut]).Status);
            Assert.Equal(cut == answer.Length, test._link.IsReleasable);
            Assert.Equal(RelayStatus.Open, test.Respond(answer[cut..]).Status);
            Assert.Equal(answer, test._client.Sent);
            Assert.True(test._link.IsReleasable);
        }
    }

    [Fact]
    public void ABatchLeavesInOnePiece()
    {
        Request([.. Frame('P', "\0select 1\0\0\0"), .. Frame('B', "\0\0"), .. Frame('E', "\0"), .. Frame('S', "")]);
        Assert.Equal(1, _server.Sends);
        Assert.Equal(4, _link.Ledger.Count);
        Respond([.. Frame('1', ""), .. Frame('2', ""), .. Frame('C', "SELECT 1\0"), .. Ready('I')]);
        Assert.Equal(1, _client.Sends);
        Assert.True(_link.IsReleasable);
    }

    [Fact]
    public void ATransactionKeepsTheServer()
    {
        Request(Frame('Q', "begin\0"));
        Respond([.. Frame('C', "BEGIN\0"), .. Ready('T')]);
        Assert.False(_link.IsReleasable);
        Request(Frame('Q', "commit\0"));
        Respond([.. Frame('C', "COMMIT\0"), .. Ready('I')]);
        Assert.True(_link.IsReleasable);
        Assert.Equal(2, _link.Statistics.QueryCount);
        Assert.Equal(1, _link.Statistics.TransactionCount);
    }

    [Fact]
    public void ASecondSyncInFlightKeepsTheServer()
    {
        Request([.. Frame('S', ""), .. Frame('S', "")]);
        Respond(Ready('I'));
        Assert.False(_link.IsReleasable);
        Respond(Ready('I'));
        Assert.True(_link.IsReleasable);
    }

    [Fact]
    public void ARequestThatHasOnlyBegunKeepsTheServer()
    {
        Request(Frame('Q', "select 1\0"));
        Request(Frame('Q', "select 2\0")[..7]);
        Respond([.. Frame('C', "SELECT 1\0"), .. Ready('I')]);
        Assert.False(_link.IsReleasable);
    }

    [Theory]
    [InlineData('D')]
    [InlineData('C')]
    [InlineData('1')]
    public void AnAnswerThatNobodyAskedForDoesNotReachTheClient(char type)
    {
        var result = Respond([.. Frame('N', "notice"), .. Frame(type, "of somebody else")]);
        Assert.Equal(RelayStatus.Broken, result.Status);
        Assert.Equal(ResponseRelay.QuarantineReason, result.Text);
        Assert.Equal(Frame('N', "notice"), _client.Sent);
    }

    [Fact]
    public void AReadyForQueryThatNobodyAskedForDoesNotReachTheClient()
    {
        Assert.Equal(RelayStatus.Broken, Respond(Ready('I')).Status);
        Assert.Empty(_client.Sent);
    }

    [Fact]
    public void AnUnknownMessageOfTheServerEndsIt() => Assert.Equal(PoolerErrors.UnknownPacket, Respond(Frame('x', "")).Text);

    [Fact]
    public void AnUnknownMessageOfTheClientEndsIt() => Assert.Equal(PoolerErrors.UnknownPacket, Request(Frame('x', "")).Text);

    [Fact]
    public void TerminateIsNotPassedOnButWhatCameBeforeItIs()
    {
        var result = Request([.. Frame('Q', "select 1\0"), .. Frame('X', "")]);
        Assert.Equal(RelayStatus.Terminated, result.Status);
        Assert.Equal(Frame('Q', "select 1\0"), _server.Sent);
    }

    [Fact]
    public void SimpleQueriesCanBeDisallowed()
    {
        var result = RequestRelay.Relay(ref _requests, ref _statements, _rewriter, _link, _client, Frame('Q', "select 1\0"), _buffers, new RequestLimits(int.MaxValue, true, 0), 1);
        Assert.Equal(PoolerErrors.SimpleQueryDisallowed, result.Text);
        Assert.Empty(_server.Sent);
    }

    [Fact]
    public void AnswersToTheRequestsOfThePoolerAreSwallowedAtEverySplit()
    {
        byte[] own = [.. Frame('C', "SET\0"), .. Frame('S', "TimeZone\0UTC\0"), .. Frame('C', "SET\0"), .. Ready('I')];
        byte[] answer = [.. Frame('C', "SELECT 1\0"), .. Ready('I')];
        byte[] all = [.. own, .. answer];
        for (var cut = 0; cut <= all.Length; cut++)
        {
            var test = new RelayTests();
            test._link.Ledger.Add(ExpectedResponse.Query, ResponseAction.Skip);
            test._link.IsApplyingParameters = true;
            test._clientParameters[test._tracked.IndexOf("TimeZone")] = "utc";
            test.Request(Frame('Q', "select 1\0"));
            Assert.Equal(RelayStatus.Open, test.Respond(all[..cut]).Status);
            Assert.Equal(RelayStatus.Open, test.Respond(all[cut..]).Status);
            Assert.Equal(answer, test._client.Sent);
            Assert.Equal("UTC", test._clientParameters["TimeZone"]);
            Assert.True(test._link.IsReleasable);
        }
    }

    [Fact]
    public void ARefusedParameterBreaksTheLink()
    {
        _link.Ledger.Add(ExpectedResponse.Query, ResponseAction.Skip);
        _link.IsApplyingParameters = true;
        Assert.Equal(PoolerErrors.InvalidServerParameter, Respond([.. Frame('E', "SERROR\0\0"), .. Ready('I')]).Text);
        Assert.Empty(_client.Sent);
    }

    [Fact]
    public void AReportedParameterReachesBothSides()
    {
        Request(Frame('Q', "set timezone to utc\0"));
        Respond([.. Frame('S', "TimeZone\0UTC\0"), .. Frame('C', "SET\0"), .. Ready('I')]);
        Assert.Equal("UTC", _link.Parameters["TimeZone"]);
        Assert.Equal("UTC", _clientParameters["TimeZone"]);
    }

    [Fact]
    public void StatementModeAllowsNoOpenTransaction()
    {
        _link.IsStatementMode = true;
        Request(Frame('Q', "begin\0"));
        Assert.Equal(PoolerErrors.NoTransactionsInStatementMode, Respond([.. Frame('C', "BEGIN\0"), .. Ready('T')]).Text);
    }

    [Fact]
    public void CopyDataPassesAndLateCopyDoneIsNotOwed()
    {
        Request(Frame('Q', "copy t from stdin\0"));
        Respond(Frame('G', "\0\0\0"));
        Request(Frame('d', new string('r', 500)));
        Respond([.. Frame('E', "SERROR\0\0"), .. Ready('I')]);
        Assert.True(_link.IsReleasable);
        Request(Frame('c', ""));
        Assert.True(_link.IsReleasable);
    }

    [Fact]
    public void SteadyStateAllocatesNothing()
    {
        byte[] request = Frame('Q', "select 1\0");
        byte[] answer = [.. Frame('T', "column"), .. Frame('D', "row"), .. Frame('C', "SELECT 1\0"), .. Ready('I')];
        var link = new ServerLink(new SilentConnection(), new ConnectTarget.Tcp(IPAddress.Loopback, 1), new PoolStatistics(), default, new ParameterValues(_tracked));
        var client = new SilentConnection();
        void Round()
        {
            RequestRelay.Relay(ref _requests, ref _statements, _rewriter, link, client, request, _buffers, Limits, 1);
            ResponseRelay.Relay(link, client, _clientParameters, answer, _buffers, _writer, int.MaxValue, 2);
        }

        Round();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Round();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static byte[] Frame(char type, string body) => ScriptedPeer.Frame(type, body);

    private static byte[] Ready(char status) => Frame('Z', status.ToString());

    private RelayResult Request(byte[] bytes) =>
        RequestRelay.Relay(ref _requests, ref _statements, _rewriter, _link, _client, bytes, _buffers, Limits, 1);

    private RelayResult Respond(byte[] bytes) =>
        ResponseRelay.Relay(_link, _client, _clientParameters, bytes, _buffers, _writer, int.MaxValue, 2);
}
