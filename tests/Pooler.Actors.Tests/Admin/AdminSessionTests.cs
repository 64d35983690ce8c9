using System.Runtime.CompilerServices;
using System.Text;
using Akka.Actor;
using Pooler.Actors.Admin;
using Pooler.Actors.Configuration;
using Pooler.Testing;

namespace Pooler.Actors.Tests.Admin;

public sealed class AdminSessionTests : IAsyncLifetime
{
    private const string Name = "C-0x510: pgbouncer/pgbouncer@127.0.0.1:5000";

    private readonly ActorSystem _system = ActorSystem.Create("session");
    private readonly FakeConnection _connection = new();
    private readonly RecordingLog _log = new();
    private readonly Probe _admin;
    private readonly Probe _watcher;

    public AdminSessionTests()
    {
        _admin = new Probe(_system);
        _watcher = new Probe(_system);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    [Fact]
    public async Task A_command_goes_to_the_admin_actor_and_its_answer_to_the_client()
    {
        await Start();
        _connection.Feed(Query("SHOW VERSION"));
        RunConsoleCommand command = await _admin.Expect<RunConsoleCommand>();
        Assert.Equal(new RunConsoleCommand(1, AdminRights.ReadOnly, "SHOW VERSION"), command);
        _admin.Reply(new ConsoleAnswered(1, ConsoleReply.Done("SHOW")));
        await Sent("C SHOW", "Z I");
    }

    [Fact]
    public async Task Bytes_behind_the_login_are_the_first_command()
    {
        await Start(Query("SHOW POOLS"));
        Assert.Equal("SHOW POOLS", (await _admin.Expect<RunConsoleCommand>()).Text);
    }

    [Fact]
    public async Task Bytes_that_came_before_the_session_are_read()
    {
        _connection.Feed(Query("SHOW POOLS"));
        await Start();
        Assert.Equal("SHOW POOLS", (await _admin.Expect<RunConsoleCommand>()).Text);
    }

    [Fact]
    public async Task A_query_split_over_segments_works()
    {
        await Start();
        byte[] query = Query("SHOW POOLS");
        foreach (byte one in query)
            _connection.Feed(one);

        Assert.Equal("SHOW POOLS", (await _admin.Expect<RunConsoleCommand>()).Text);
    }

    [Fact]
    public async Task Reading_rests_while_a_command_runs()
    {
        await Start();
        _connection.Feed(Query("a"));
        await _admin.Expect<RunConsoleCommand>();
        await Until(() => _connection.IsReadingPaused);
        _connection.Feed(Query("b"));
        _admin.Reply(new ConsoleAnswered(1, ConsoleReply.Done("A")));
        Assert.Equal("b", (await _admin.Expect<RunConsoleCommand>()).Text);
        _admin.Reply(new ConsoleAnswered(2, ConsoleReply.Done("B")));
        await Sent("C A", "Z I", "C B", "Z I");
        await Until(() => !_connection.IsReadingPaused);
    }

    [Fact]
    public async Task A_client_that_does_not_read_gets_no_further_answers()
    {
        await Start();
        _connection.SetUnsent(1);
        _connection.Feed(Query("a"));
        await Until(() => _connection.IsReadingPaused);
        _admin.AssertQuiet();
        _connection.SetUnsent(0);
        Assert.Equal("a", (await _admin.Expect<RunConsoleCommand>()).Text);
    }

    [Fact]
    public async Task While_a_command_waits_others_are_answered()
    {
        await Start();
        _connection.Feed(Query("PAUSE"));
        await _admin.Expect<RunConsoleCommand>();
        _admin.Reply(new ConsoleAnswered(1, ConsoleReply.Waits));
        _connection.Feed(Query("SHOW STATE"));
        Assert.Equal(2, (await _admin.Expect<RunConsoleCommand>()).Command);
        _admin.Reply(new ConsoleAnswered(2, ConsoleReply.Done("SHOW")));
        await Sent("C SHOW", "Z I");
        _admin.Reply(new ConsoleAnswered(1, ConsoleReply.Done("PAUSE")));
        await Sent("C SHOW", "Z I", "C PAUSE", "Z I");
    }

    [Fact]
    public async Task An_error_is_logged_twice()
    {
        await Start();
        _connection.Feed(Query("x"));
        await _admin.Expect<RunConsoleCommand>();
        _admin.Reply(new ConsoleAnswered(1, ConsoleReply.Error("bad arguments")));
        await Sent("E ERROR 08P01 bad arguments", "Z I");
        await Until(() => _log.Lines.Count == 3);
        Assert.Equal(["Debug got admin query: x", "Error bad arguments", $"Warning {Name} pooler error: bad arguments"], _log.Lines);
    }

    [Fact]
    public async Task An_unsupported_message_ends_the_session()
    {
        IActorRef session = await Start();
        _connection.Feed([(byte)'F', 0, 0, 0, 4]);
        await Stopped(session);
        Assert.Equal("after flush", _connection.Closed);
        Assert.Equal(["E ERROR 08P01 unsupported packet type for admin console: 70", "Z I", "E FATAL 08P01 bad packet"], _connection.Sent);
        Assert.Equal(
            [
                "Error unsupported packet type for admin console: 70",
                $"Warning {Name} pooler error: unsupported packet type for admin console: 70",
                $"Information {Name} closing because: bad packet (age=5s)",
                $"Warning {Name} pooler error: bad packet",
            ],
            _log.Lines);
    }

    [Fact]
    public async Task Terminate_ends_it_silently()
    {
        IActorRef session = await Start();
        _connection.Feed([(byte)'X', 0, 0, 0, 4]);
        await Stopped(session);
        Assert.Empty(_connection.Sent);
        Assert.Equal([$"Information {Name} closing because: client close request (age=5s)"], _log.Lines);
    }

    [Fact]
    public async Task The_end_of_the_stream_ends_it()
    {
        IActorRef session = await Start();
        _connection.End();
        await Stopped(session);
        Assert.Equal([$"Information {Name} closing because: client unexpected eof (age=5s)"], _log.Lines);
    }

    [Fact]
    public async Task A_fatal_answer_ends_it()
    {
        IActorRef session = await Start();
        _connection.Feed(Query("x"));
        await _admin.Expect<RunConsoleCommand>();
        _admin.Reply(new ConsoleAnswered(1, ConsoleReply.Fatal("PQexec disallowed")));
        await Stopped(session);
        Assert.Equal(["E FATAL 08P01 PQexec disallowed"], _connection.Sent);
    }

    [Fact]
    public async Task Stopping_the_session_closes_the_connection()
    {
        IActorRef session = await Start();
        _system.Stop(session);
        await Stopped(session);
        Assert.Equal("now", _connection.Closed);
    }

    [Fact]
    public async Task New_settings_count_at_once()
    {
        IActorRef session = await Start();
        GlobalSettings quiet = GlobalSettings.Default with { LogDisconnections = false, LogPoolerErrors = false };
        PoolerSettings settings = PoolerSettings.Default with { Global = quiet };
        SettingsDiff diff = SettingsDiff.Between(PoolerSettings.Default, settings);
        session.Tell(new SettingsChanged(PoolerSettings.Default, settings, diff), ActorRefs.NoSender);
        session.Tell(new CollectClients(1), _watcher.Ref);
        await _watcher.Expect<ClientsCollected>();
        _connection.Feed([(byte)'F', 0, 0, 0, 4]);
        await Stopped(session);
        Assert.Equal(["Error unsupported packet type for admin console: 70"], _log.Lines);
    }

    [Fact]
    public async Task A_cancel_request_is_passed_on()
    {
        IActorRef session = await Start();
        session.Tell(CancelConsoleCommand.Instance, ActorRefs.NoSender);
        await _admin.Expect<ConsoleCancelled>();
        Assert.Equal(session, _admin.LastSender);
    }

    [Fact]
    public async Task It_answers_for_its_row_in_show_clients()
    {
        IActorRef session = await Start();
        session.Tell(new CollectClients(7), _watcher.Ref);
        ClientsCollected before = await _watcher.Expect<ClientsCollected>();
        Assert.Equal(7, before.Id);
        Assert.Equal(Samples.Client(1, SocketState.ClientActive), Assert.Single(before.Clients));

        _connection.Feed(Query("SHOW CLIENTS"));
        await _admin.Expect<RunConsoleCommand>();
        session.Tell(new CollectClients(8), _watcher.Ref);
        ClientsCollected after = await _watcher.Expect<ClientsCollected>();
        Assert.Equal(Samples.Noon.AddSeconds(5), Assert.Single(after.Clients).RequestTime);
    }

    private static byte[] Query(string text) => [(byte)'Q', 0, 0, 0, (byte)(text.Length + 5), .. Encoding.UTF8.GetBytes(text), 0];

    private static Task Until(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Wait.UntilAsync(condition, what);

    private async Task<IActorRef> Start(byte[]? received = null)
    {
        SocketSnapshot client = Samples.Client(1, SocketState.ClientActive);
        Props props = AdminSession.Props(
            _connection, AdminRights.ReadOnly, client, Name, _admin.Ref, GlobalSettings.Default, _log.Logger, received);
        IActorRef session = _system.ActorOf(props);
        await _admin.Expect<ConsoleOpened>();
        Assert.Equal(session, _admin.LastSender);
        return session;
    }

    private async Task Sent(params string[] messages)
    {
        await Until(() => _connection.Sent.Count >= messages.Length);
        Assert.Equal(messages, _connection.Sent);
    }

    private async Task Stopped(IActorRef session)
    {
        _system.ActorOf(Props.Create(() => new Watcher(session, _watcher.Ref)));
        await _watcher.Expect<string>();
    }

    private sealed class Watcher(IActorRef watched, IActorRef reportTo) : UntypedActor
    {
        protected override void PreStart() => Context.Watch(watched);

        protected override void OnReceive(object message)
        {
            if (message is Terminated)
                reportTo.Tell("stopped", Self);
        }
    }
}
