using Pooler.Actors.Admin;
using Pooler.Actors.Auth;
using Pooler.Actors.Auth.Scram;
using Pooler.Actors.Clients;
using Pooler.Actors.Configuration;
using Pooler.Actors.Relay.Prepared;
using Pooler.Actors.Supervision;
using Pooler.Actors.Tests.Admin;
using Pooler.Actors.Tests.Relay;
using Pooler.Actors.Tests.Supervision;
using Pooler.Actors.Transport;
using Pooler.Actors.Transport.Simulation;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Clients;

/// <summary>Who gets in: every auth_type with every kind of stored secret, and the console's rules.</summary>
public sealed class ClientLoginTests : IDisposable
{
    private static readonly AuthenticationCache Cache = new();
    private static readonly string Scram = ScramText("secret"u8);

    private readonly SimulatedNetwork _network = new(1);
    private readonly BufferPool _buffers = new(64);
    private readonly MessageWriter _toClient = new();
    private readonly MessageWriter _fromClient = new();

    public void Dispose()
    {
        _network.Dispose();
        _toClient.Dispose();
        _fromClient.Dispose();
    }

    [Theory]
    [InlineData(AuthType.Trust, "plain", null)]
    [InlineData(AuthType.Trust, "none", null)]
    [InlineData(AuthType.Trust, "unknown", "\"trust\" authentication failed")]
    [InlineData(AuthType.Plain, "plain", null)]
    [InlineData(AuthType.Plain, "md5", null)]
    [InlineData(AuthType.Plain, "scram", null)]
    [InlineData(AuthType.Plain, "none", "password authentication failed")]
    [InlineData(AuthType.Plain, "unknown", "password authentication failed")]
    [InlineData(AuthType.Md5, "plain", null)]
    [InlineData(AuthType.Md5, "md5", null)]
    [InlineData(AuthType.Md5, "scram", null)]
    [InlineData(AuthType.Md5, "none", "password authentication failed")]
    [InlineData(AuthType.Md5, "unknown", "password authentication failed")]
    [InlineData(AuthType.ScramSha256, "plain", null)]
    [InlineData(AuthType.ScramSha256, "scram", null)]
    [InlineData(AuthType.ScramSha256, "md5", "SASL authentication failed")]
    [InlineData(AuthType.ScramSha256, "none", "SASL authentication failed")]
    [InlineData(AuthType.ScramSha256, "unknown", "SASL authentication failed")]
    public void EveryTypeWithEveryStoredSecret(AuthType type, string user, string? error)
    {
        for (var pieces = 0; pieces < 3; pieces++)
        {
            var result = Run(Login(type, user), user, "secret", pieces);
            Assert.Equal(error is null ? ClientLoginStatus.Passed : ClientLoginStatus.Refused, result.Status);
            Assert.Equal(error, result.Text);
        }
    }

    [Theory]
    [InlineData(AuthType.Plain, "plain")]
    [InlineData(AuthType.Plain, "md5")]
    [InlineData(AuthType.Plain, "scram")]
    [InlineData(AuthType.Md5, "plain")]
    [InlineData(AuthType.Md5, "md5")]
    [InlineData(AuthType.ScramSha256, "plain")]
    [InlineData(AuthType.ScramSha256, "scram")]
    public void AWrongPasswordNeverPasses(AuthType type, string user) =>
        Assert.Equal(ClientLoginStatus.Refused, Run(Login(type, user), user, "Secret", 0).Status);

    [Theory]
    [InlineData("forced", null)]
    [InlineData("db", "bouncer config error")]
    [InlineData("unknown", "bouncer config error")]
    public void AnybodyMayBeAnybodyOnlyWhereTheServerSeesOneUser(string database, string? error)
    {
        var result = Run(Login(AuthType.Any, "stranger", database), "stranger", "", 0);
        Assert.Equal(error is null ? ClientLoginStatus.Passed : ClientLoginStatus.Refused, result.Status);
        Assert.Equal(error, result.Text);
    }

    [Theory]
    [InlineData(AuthType.Trust, "admin", AdminRights.Admin)]
    [InlineData(AuthType.Trust, "reader", AdminRights.ReadOnly)]
    [InlineData(AuthType.Plain, "admin", AdminRights.Admin)]
    [InlineData(AuthType.Plain, "reader", AdminRights.ReadOnly)]
    [InlineData(AuthType.Any, "admin", AdminRights.Admin)]
    [InlineData(AuthType.Any, "reader", AdminRights.ReadOnly)]
    [InlineData(AuthType.Any, "stranger", AdminRights.ReadOnly)]
    public void TheConsoleKnowsAdministratorsAndReaders(AuthType type, string user, AdminRights rights)
    {
        var login = Login(type, user, "pgbouncer");
        Assert.Equal(ClientLoginStatus.Passed, Run(login, user, "secret", 0).Status);
        Assert.Equal(rights, login.Rights);
    }

    [Theory]
    [InlineData("plain", "not allowed")]
    [InlineData("unknown", "password authentication failed")]
    public void OthersDoNotGetIntoTheConsole(string user, string error)
    {
        var result = Run(Login(AuthType.Plain, user, "pgbouncer"), user, "secret", 0);
        Assert.Equal((ClientLoginStatus.Refused, error), (result.Status, result.Text));
    }

    [Theory]
    [InlineData("pgbouncer", 0, true)]
    [InlineData("pgbouncer", 1, false)]
    [InlineData("stranger", 0, false)]
    public void ThePoolersOwnAccountEntersTheConsoleWithoutAPassword(string user, int otherUid, bool passes)
    {
        var remote = new PeerAddress(AddressKind.Unix, "unix", 6432, 10, ProcessUser.Id + otherUid);
        var login = Login(AuthType.Plain, user, "pgbouncer", remote);
        Assert.Equal(passes, login.Begin(_toClient).Status == ClientLoginStatus.Passed);
        Assert.Equal(passes ? AdminRights.Admin : AdminRights.ReadOnly, login.Rights);
    }

    [Fact]
    public void ASecondStartupPacketIsRefused()
    {
        var login = Login(AuthType.Plain, "plain");
        login.Begin(_toClient);
        var result = login.Receive([0, 0, 0, 8, 0, 3, 0, 0], _buffers, _toClient);
        Assert.Equal((ClientLoginStatus.Refused, "client re-sent startup pkt"), (result.Status, result.Text));
    }

    [Theory]
    [InlineData('Q', "bad packet")]
    [InlineData('X', "client close request")]
    public void OnlyThePasswordIsAwaited(char type, string text)
    {
        var login = Login(AuthType.Plain, "plain");
        login.Begin(_toClient);
        var result = login.Receive(ScriptedPeer.Frame(type, ""), _buffers, _toClient);
        Assert.Equal((ClientLoginStatus.Ended, text), (result.Status, result.Text));
    }

    [Fact]
    public void AnEmptyPasswordIsRefusedInItsOwnWords()
    {
        var login = Login(AuthType.Plain, "plain");
        login.Begin(_toClient);
        Assert.Equal("empty password returned by client", login.Receive(ScriptedPeer.Frame('p', "\0"), _buffers, _toClient).Text);
    }

    [Fact]
    public void AMessageBeyondAllMeasureIsRefusedBeforeAnyRoomIsMadeForIt()
    {
        var login = Login(AuthType.Plain, "plain");
        login.Begin(_toClient);
        var result = login.Receive([(byte)'p', 0x7f, 0xff, 0xff, 0xff], _buffers, _toClient);
        Assert.Equal((ClientLoginStatus.Refused, "bad packet header: '707fffffff'"), (result.Status, result.Text));
        Assert.Equal(0, _buffers.Rented);
    }

    private ClientLogin Login(AuthType type, string user, string database = "db", PeerAddress? remote = null)
    {
        var settings = new PoolerSettings
        {
            Global = GlobalSettings.Default with { AuthType = type, AdminUsers = "admin", StatsUsers = "reader", ScramIterations = 50 },
            Databases = new Dictionary<string, DatabaseSettings>
            {
                ["db"] = new() { Name = "db", DbName = "db" },
                ["forced"] = new() { Name = "forced", DbName = "db", User = "bob" },
            },
            UserList = new UserList(
            [
                new("plain", "secret"), new("md5", Md5Password.Hash("secret"u8, "md5")), new("scram", Scram), new("none", ""), new("admin", "secret"), new("reader", "secret"),
            ]),
        };
        var tracked = new TrackedParameters([]);
        var context = new LoopContext(_network.Loops[0], settings, new RecordingLog().Logger, new PoolerCounters(), tracked, Cache, new PreparedStatementCache());
        settings.TryGetDatabase(database, out var found);
        var connection = new RecordingConnection(remote);
        return new ClientLogin(context, new ClientStartup
        {
            SocketId = 1,
            Connection = connection,
            Parameters = new StartupParameters(user, database, ReplicationMode.None, new ParameterValues(tracked), null, []),
            Database = found,
            ProtocolVersion = ProtocolCode.Version3,
            NeedsNegotiation = false,
            Rest = [],
            Place = new ClientPlace(database, user),
            ConnectStart = 0,
            ConnectTime = default,
        });
    }

    /// <summary>The verifier of a password as auth_file has it.</summary>
    internal static string ScramText(ReadOnlySpan<byte> password)
    {
        var verifier = ScramVerifier.Derive(password, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], 50);
        var (salt, stored, server) = (Convert.ToBase64String(verifier.Salt), Convert.ToBase64String(verifier.StoredKey), Convert.ToBase64String(verifier.ServerKey));
        return $"SCRAM-SHA-256${verifier.Iterations}:{salt}${stored}:{server}";
    }

    /// <summary>Plays the client to the end; its bytes come in pieces of this size, or at once with 0.</summary>
    private ClientLoginResult Run(ClientLogin login, string user, string password, int pieces)
    {
        var client = new ServerAuthentication(user, StoredSecret.Parse(password), null, Cache);
        _toClient.Reset();
        var result = login.Begin(_toClient);
        while (result.Status == ClientLoginStatus.Pending)
        {
            _fromClient.Reset();
            client.Receive(_toClient.Written[FrameHeader.Size..], _fromClient);
            Assert.NotEqual(0, _fromClient.Length);
            _toClient.Reset();
            var size = pieces == 0 ? _fromClient.Length : pieces;
            for (var start = 0; start < _fromClient.Length && result.Status == ClientLoginStatus.Pending; start += size)
            {
                result = login.Receive(_fromClient.Written.Slice(start, Math.Min(size, _fromClient.Length - start)), _buffers, _toClient);
            }
        }

        login.Release(_buffers);
        Assert.Equal(0, _buffers.Rented);
        return result;
    }
}
