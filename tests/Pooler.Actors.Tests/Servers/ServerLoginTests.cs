using System.Buffers.Binary;
using Pooler.Actors.Auth;
using Pooler.Actors.Auth.Scram;
using Pooler.Actors.Configuration;
using Pooler.Actors.Servers;
using Pooler.Actors.Tests.Admin;
using Pooler.Actors.Tests.Clients;
using Pooler.Actors.Tests.Supervision;
using Pooler.Actors.Transport;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Servers;

/// <summary>Logins to a scripted server: bytes in, bytes out.</summary>
public sealed class ServerLoginTests : IDisposable
{
    private static readonly AuthenticationCache Cache = new();

    private readonly RecordingLog _log = new();
    private readonly BufferPool _buffers = new(64);
    private readonly MessageWriter _toServer = new();
    private readonly MessageWriter _fromServer = new();

    public void Dispose()
    {
        _toServer.Dispose();
        _fromServer.Dispose();
    }

    [Theory]
    [InlineData(AuthMethod.Trust, 0)]
    [InlineData(AuthMethod.Trust, 1)]
    [InlineData(AuthMethod.Plain, 0)]
    [InlineData(AuthMethod.Plain, 1)]
    [InlineData(AuthMethod.Md5, 0)]
    [InlineData(AuthMethod.Md5, 1)]
    [InlineData(AuthMethod.ScramSha256, 0)]
    [InlineData(AuthMethod.ScramSha256, 1)]
    [InlineData(AuthMethod.ScramSha256, 3)]
    public void EveryMethodLetsThePoolerInHoweverTheServersBytesComeIn(AuthMethod method, int pieces)
    {
        var login = Login();
        var server = new ClientAuthentication(method, "bob", true, StoredSecret.Parse("secret"), 50, Cache);
        var outcome = server.Begin(_fromServer);
        while (outcome.Outcome == AuthenticationOutcome.Continue)
        {
            _toServer.Reset();
            Assert.Equal(ServerLoginStatus.Pending, Feed(login, pieces).Status);
            _fromServer.Reset();
            outcome = server.Receive(_toServer.Written[FrameHeader.Size..], _fromServer);
        }

        Assert.Equal(AuthenticationOutcome.Succeeded, outcome.Outcome);
        _fromServer.WriteAuthenticationOk();
        _fromServer.WriteParameterStatus("server_version", "15.0");
        _fromServer.WriteParameterStatus("TimeZone", "UTC");
        _fromServer.WriteNoticeResponse("welcome");
        _fromServer.WriteParameterStatus("TimeZone", "Europe/Vienna");
        _fromServer.WriteBackendKeyData(new CancelKey([1, 2, 3, 4, 5, 6, 7, 8]));
        _fromServer.WriteReadyForQuery(TransactionStatus.Idle);
        Assert.Equal(ServerLoginStatus.Ready, Feed(login, pieces).Status);
        Assert.Equal(new CancelKey([1, 2, 3, 4, 5, 6, 7, 8]), login.Key);
        Assert.Equal([new("server_version", "15.0"), new("TimeZone", "Europe/Vienna")], login.Parameters);
        Assert.Equal("Europe/Vienna", login.Reported["TimeZone"]);
        Assert.Equal(0, _buffers.Rented);
    }

    [Fact]
    public void KeysOfAClientsLoginServeWhereTheSecretIsNotKnown()
    {
        var text = ClientLoginTests.ScramText("secret"u8);
        var stored = StoredSecret.Parse(text);
        using var toClient = new MessageWriter();

        // The client proves itself to the pooler, which learns its keys.
        var check = new ClientAuthentication(AuthMethod.ScramSha256, "bob", true, stored, 50, Cache);
        var client = new ServerAuthentication("bob", StoredSecret.Parse("secret"), null, Cache);
        var outcome = check.Begin(_fromServer);
        while (outcome.Outcome == AuthenticationOutcome.Continue)
        {
            toClient.Reset();
            client.Receive(_fromServer.Written[FrameHeader.Size..], toClient);
            _fromServer.Reset();
            outcome = check.Receive(toClient.Written[FrameHeader.Size..], _fromServer);
        }

        Assert.NotNull(check.Keys);
        _fromServer.Reset();
        var login = Login(secret: text, keys: check.Keys);
        var server = new ClientAuthentication(AuthMethod.ScramSha256, "bob", true, stored, 50, Cache);
        outcome = server.Begin(_fromServer);
        while (outcome.Outcome == AuthenticationOutcome.Continue)
        {
            _toServer.Reset();
            Assert.Equal(ServerLoginStatus.Pending, Feed(login).Status);
            _fromServer.Reset();
            outcome = server.Receive(_toServer.Written[FrameHeader.Size..], _fromServer);
        }

        Assert.Equal(AuthenticationOutcome.Succeeded, outcome.Outcome);
    }

    [Fact]
    public void TheStartupPacketCarriesWhatTheDatabaseLineSays()
    {
        Login(new DatabaseSettings
        {
            Name = "db",
            DbName = "real",
            ClientEncoding = "LATIN1",
            DateStyle = "German",
            TimeZone = "UTC",
            ApplicationName = "pooler",
        });
        Assert.Equal(
            "database real client_encoding LATIN1 datestyle German timezone UTC application_name pooler user bob",
            WireText.Decode(_toServer.Written[8..]).Replace('\0', ' ').Trim());
    }

    [Theory]
    [InlineData(ReplicationMode.Physical, "yes", false)]
    [InlineData(ReplicationMode.Logical, "database", true)]
    public void ForAReplicationClientThePacketCarriesWhatThatClientAsksFor(ReplicationMode mode, string word, bool runsConnectQuery)
    {
        var values = new ParameterValues(new TrackedParameters([]));
        Assert.True(values.TrySet("datestyle"u8, "ISO"u8));
        Assert.True(values.TrySet("application_name"u8, "receiver"u8));
        var login = Login(
            new DatabaseSettings { Name = "db", DbName = "real", DateStyle = "German", ConnectQuery = "set x" },
            replication: new ReplicationStartup(mode, values, "-c  geqo=off \udc80"));
        Assert.Equal(
            $"database real datestyle German replication {word} DateStyle ISO application_name receiver options -c  geqo=off \udc80 user bob",
            WireText.Decode(_toServer.Written[8..]).Replace('\0', ' ').Trim());
        _toServer.Reset();
        _fromServer.WriteAuthenticationOk();
        _fromServer.WriteReadyForQuery(TransactionStatus.Idle);

        // A physical connection takes no SQL.
        Assert.Equal(runsConnectQuery ? ServerLoginStatus.Pending : ServerLoginStatus.Ready, Feed(login).Status);
        Assert.Equal(runsConnectQuery, _toServer.Length > 0);
    }

    [Fact]
    public void AnErrorInTheLoginForAReplicationClientIsLoggedAndNotPassedOn()
    {
        var login = Login(replication: new ReplicationStartup(ReplicationMode.Physical, new ParameterValues(new TrackedParameters([])), null));
        _fromServer.WriteFatal("no pg_hba.conf entry for replication connection", "28000");
        Assert.Equal(new ServerLoginResult(ServerLoginStatus.Failed, "login failed"), Feed(login));
        Assert.Contains("Error S: login failed: FATAL: no pg_hba.conf entry for replication connection", _log.Lines);
    }

    [Theory]
    [InlineData(ProtocolCode.Version3, 8)]
    [InlineData(ProtocolCode.Version3, 36)]
    [InlineData(ProtocolCode.Version32, 36)]
    [InlineData(ProtocolCode.Version32, 260)]
    public void AKeyOfAnyLengthIsKeptWhole(int version, int length)
    {
        var login = Login(version: version);
        Assert.Equal(version, BinaryPrimitives.ReadInt32BigEndian(_toServer.Written[4..]));
        var key = Enumerable.Range(1, length).Select(i => (byte)i).ToArray();
        _fromServer.WriteAuthenticationOk();
        _fromServer.WriteBackendKeyData(new CancelKey(key), key.AsSpan(8));
        _fromServer.WriteReadyForQuery(TransactionStatus.Idle);
        Assert.Equal(ServerLoginStatus.Ready, Feed(login, 1).Status);
        Assert.Equal(new CancelKey(key), login.Key);
        Assert.Equal(key[8..], login.KeyTail);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(261)]
    public void WhatIsNoKeyEndsTheLogin(int length)
    {
        var login = Login(version: ProtocolCode.Version32);
        _fromServer.WriteAuthenticationOk();
        Feed(login);
        var result = login.Receive(ScriptedPeer.Frame('K', new string('x', length)), _buffers, _toServer);
        Assert.Equal((ServerLoginStatus.Failed, "bad cancel key"), (result.Status, result.Reason));
    }

    [Theory]
    [InlineData("\0\u0003\0\0\0\0\0\0", true)]
    [InlineData("\0\u0003\0\u0001\0\0\0\0", true)]
    [InlineData("\0\u0003\0\u0002\0\0\0\0", true)]
    [InlineData("\0\u0003\0\u0003\0\0\0\0", false)]
    [InlineData("\0\u0002\0\0\0\0\0\0", false)]
    [InlineData("\0\u0003\0\0\0\0\0\u0001_pq_.x\0", false)]
    [InlineData("\0\u0003\0\0\0\0\0\u0001", false)]
    [InlineData("\0\u0003\0\0\u00ff\u00ff\u00ff\u00ff", false)]
    [InlineData("\0\u0003\0\0\0\0\0\0x", false)]
    [InlineData("\0\u0003\0", false)]
    [InlineData("", false)]
    public void AServerMayAnswerWithAnOlderVersion(string body, bool isTaken)
    {
        var login = Login(version: ProtocolCode.Version32);
        var result = login.Receive(ScriptedPeer.Frame('v', body), _buffers, _toServer);
        Assert.Equal(isTaken ? (ServerLoginStatus.Pending, null) : (ServerLoginStatus.Failed, "unknown pkt from server"), (result.Status, result.Reason));
        if (isTaken)
        {
            _fromServer.WriteAuthenticationOk();
            _fromServer.WriteBackendKeyData(new CancelKey([1, 2, 3, 4, 5, 6, 7, 8]));
            _fromServer.WriteReadyForQuery(TransactionStatus.Idle);
            Assert.Equal(ServerLoginStatus.Ready, Feed(login).Status);
        }
    }

    [Fact]
    public void AServerMayNotAnswerWithANewerVersionThanItWasAskedFor() =>
        Assert.Equal(ServerLoginStatus.Failed, Login().Receive(ScriptedPeer.Frame('v', "\0\u0003\0\u0002\0\0\0\0"), _buffers, _toServer).Status);

    [Fact]
    public void TheConnectQueryRunsOnceAndItsErrorsAreLoggedOnly()
    {
        var login = Login(new DatabaseSettings { Name = "db", DbName = "db", ConnectQuery = "set role x" });
        _toServer.Reset();
        _fromServer.WriteAuthenticationOk();
        _fromServer.WriteReadyForQuery(TransactionStatus.Idle);
        Assert.Equal(ServerLoginStatus.Pending, Feed(login).Status);
        Assert.Equal("Qset role x", WireText.Decode(_toServer.Written).Remove(1, 4).TrimEnd('\0'));
        _fromServer.Reset();
        _fromServer.WriteErrorResponse("ERROR", "22023", "no such role");
        _fromServer.WriteReadyForQuery(TransactionStatus.Idle);
        Assert.Equal(ServerLoginStatus.Ready, Feed(login).Status);
        Assert.Contains(_log.Lines, line => line.EndsWith("S: error while executing exec_on_query: ERROR: no such role", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("28P01", "password authentication failed", true)]
    [InlineData("57P03", "the database system is starting up", false)]
    public void TheServersErrorIsForThoseWhoWaitUnlessItPassesByItself(string sqlState, string text, bool isForClients)
    {
        _fromServer.WriteFatal(text, sqlState);
        var result = Feed(Login());
        Assert.Equal((ServerLoginStatus.Failed, text), (result.Status, result.Reason));
        Assert.Equal(isForClients ? (text, sqlState) : (null, null), (result.Text, result.SqlState));
    }

    [Fact]
    public void AnErrorWithoutFieldsIsAnErrorAllTheSame()
    {
        var result = Login().Receive(ScriptedPeer.Frame('E', "\0"), _buffers, _toServer);
        Assert.Equal(ServerLoginStatus.Failed, result.Status);
        Assert.Equal("08P01", result.SqlState);
    }

    [Theory]
    [InlineData('R', "\0\0\0\u0007", "failed to answer authreq")]
    [InlineData('R', "\0\0", "failed to answer authreq")]
    [InlineData('Z', "I", "unknown pkt from server")]
    [InlineData('S', "a\0b\0", "unknown pkt from server")]
    [InlineData('D', "", "unknown pkt from server")]
    [InlineData('?', "", "unknown pkt from server")]
    public void WhatHasNoPlaceInALoginEndsIt(char type, string body, string reason)
    {
        var result = Login().Receive(ScriptedPeer.Frame(type, body), _buffers, _toServer);
        Assert.Equal((ServerLoginStatus.Failed, reason), (result.Status, result.Reason));
        Assert.Null(result.Text);
    }

    [Fact]
    public void AServerThatAsksForMoreThanTheSecretGivesIsNoUse()
    {
        _fromServer.WriteAuthenticationCleartextPassword();
        var result = Feed(Login(secret: Md5Password.Hash("secret"u8, "bob")));
        Assert.Equal("server login failed: wrong password type", result.Text);
    }

    [Fact]
    public void AMessageBeyondAllMeasureEndsTheLogin()
    {
        var result = Login().Receive([(byte)'R', 0x7f, 0xff, 0xff, 0xff], _buffers, _toServer);
        Assert.Equal((ServerLoginStatus.Failed, "bad pkt header"), (result.Status, result.Reason));
        Assert.Equal(0, _buffers.Rented);
    }

    [Fact]
    public void WhatComesBehindTheLoginIsLeftAlone()
    {
        _fromServer.WriteAuthenticationOk();
        _fromServer.WriteReadyForQuery(TransactionStatus.Idle);
        var length = _fromServer.Length;
        _fromServer.WriteParameterStatus("TimeZone", "UTC");
        var login = Login();
        Assert.Equal(ServerLoginStatus.Ready, Feed(login).Status);
        Assert.Equal(length, login.Consumed);
    }

    private ServerLogin Login(DatabaseSettings? database = null, string? secret = "secret", ScramKeys? keys = null, ReplicationStartup? replication = null, int version = ProtocolCode.Version3)
    {
        var login = new ServerLogin(
            database ?? new DatabaseSettings { Name = "db", DbName = "db" },
            "bob",
            secret,
            keys,
            Cache,
            new ParameterValues(new TrackedParameters([])),
            _log.Logger)
        {
            Replication = replication,
            ProtocolVersion = version,
        };
        _toServer.Reset();
        login.Begin(_toServer);
        return login;
    }

    /// <summary>Gives the login what the server has written, in pieces of this size; 0: at once.</summary>
    private ServerLoginResult Feed(ServerLogin login, int pieces = 0)
    {
        var bytes = _fromServer.Written.ToArray();
        var result = new ServerLoginResult(ServerLoginStatus.Pending);
        var size = pieces == 0 ? Math.Max(bytes.Length, 1) : pieces;
        for (var start = 0; start < bytes.Length && result.Status == ServerLoginStatus.Pending; start += size)
        {
            result = login.Receive(bytes.AsSpan(start, Math.Min(size, bytes.Length - start)), _buffers, _toServer);
        }

        return result;
    }
}
