using System.Collections.Immutable;
using System.Globalization;
using Akka.Actor;
using Pooler.Actors.Configuration;
using Pooler.Actors.Logging;
using Pooler.Actors.Supervision;
using Pooler.Actors.Transport;
using Pooler.Actors.Wire;
using Serilog;
using Serilog.Events;

namespace Pooler.Actors.Admin;

/// <summary>
/// One console session after its login: moves bytes between its connection and a <see cref="ConsoleDialogue"/>, and commands and answers
/// between that and the admin actor. Runs on the connection's loop. It alone writes to the connection, and it stops when
/// the connection ends.
/// </summary>
internal sealed class AdminSession : UntypedActor
{
    private readonly Connection _connection;
    private readonly AdminRights _rights;
    private readonly SocketSnapshot _client;
    private readonly string _socketContext;
    private readonly IActorRef _admin;
    private readonly ILogger _log;
    private readonly ConsoleDialogue _dialogue = new();
    private readonly HashSet<long> _waiting = [];
    private readonly byte[]? _received;
    private GlobalSettings _settings;
    private long _lastCommand;
    private int _commandLength;
    private long _firstCommandTime;
    private DateTimeOffset _requestTime;
    private bool _readingPaused;
    private bool _closed;

    public AdminSession(
        Connection connection,
        AdminRights rights,
        SocketSnapshot client,
        string socketContext,
        IActorRef admin,
        GlobalSettings settings,
        ILogger log,
        byte[]? received)
    {
        _connection = connection;
        _rights = rights;
        _client = client;
        _socketContext = socketContext;
        _admin = admin;
        _settings = settings;
        _log = log;
        _received = received;
        _requestTime = client.RequestTime;
    }

    /// <summary>
    /// The session for a connection that has got its welcome (<see cref="ConsoleWelcome"/>). The dispatcher must be that of the connection's
    /// loop.
    /// </summary>
    /// <param name="connection">Handed over: the session sets itself as its owner and reads what waits.</param>
    /// <param name="rights">What the session may do.</param>
    /// <param name="client">What SHOW CLIENTS prints of it; the session keeps request_time and wait up to date.</param>
    /// <param name="socketContext">What log lines call it, like "C-0x1: pgbouncer/pgbouncer@127.0.0.1:5000".</param>
    /// <param name="admin">The admin actor.</param>
    /// <param name="settings">The settings in force.</param>
    /// <param name="log">Where errors and the end go.</param>
    /// <param name="received">Bytes that came behind the login; null: none.</param>
    public static Props Props(
        Connection connection,
        AdminRights rights,
        SocketSnapshot client,
        string socketContext,
        IActorRef admin,
        GlobalSettings settings,
        ILogger log,
        byte[]? received = null) =>
        Akka.Actor.Props.Create(() => new AdminSession(connection, rights, client, socketContext, admin, settings, log, received));

    protected override void PreStart()
    {
        _connection.Owner = new ConsoleConnectionOwner(Self);
        _admin.Tell(ConsoleOpened.Instance, Self);
        _dialogue.Receive(_received);
        Pump();
    }

    protected override void PostStop()
    {
        _dialogue.Output.Release();
        if (!_closed)
            _connection.Close();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SocketEvent:
                Pump();
                break;
            case ConsoleAnswered answered:
                Answer(answered.Command, answered.Reply);
                break;
            case CollectClients question:
                Sender.Tell(new ClientsCollected(question.Id, ImmutableArray.Create(Snapshot())), Self);
                break;
            case KillClient kill:
                bool isThis = !_closed && kill.SocketId == _client.Id;
                Sender.Tell(new KillClientAnswered(kill.Id, isThis), Self);
                if (isThis)
                    Disconnect();
                break;
            case CancelConsoleCommand:
                _admin.Tell(ConsoleCancelled.Instance, Self);
                break;
            case SettingsChanged changed:
                _settings = changed.New.Global;
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    // Takes steps until the dialogue needs an answer, more bytes or a client that reads.
    private void Pump()
    {
        while (!_closed)
        {
            Flush();
            if (_dialogue.IsWaiting && _dialogue.HasRoom && _connection.Unsent == 0)
            {
                // Nothing more is run until the answer comes, but the end of the client must be seen.
                if (!Receive())
                    return;
                continue;
            }

            if (_dialogue.IsBusy || _connection.Unsent > 0)
            {
                PauseReading();
                return;
            }

            DialogueStep step = _dialogue.Next();
            switch (step.Kind)
            {
                case DialogueStepKind.Run:
                    Run(step);
                    break;
                case DialogueStepKind.Refused:
                    LogError(step.Text);
                    break;
                case DialogueStepKind.Terminated:
                    End(step.Text, isError: false);
                    break;
                case DialogueStepKind.Broken:
                    End(step.Text, isError: true);
                    break;
                case DialogueStepKind.Nothing:
                    Flush();
                    if (!Receive())
                        return;
                    break;
            }
        }
    }

    private void Run(DialogueStep step)
    {
        if (_log.IsEnabled(LogEventLevel.Debug))
            _log.Line(LogEventLevel.Debug, $"got admin query: {step.Text}");

        _requestTime = _connection.Loop.WallClock;
        _commandLength = FrameHeader.Size + WireText.ByteCount(step.Text) + 1;
        if (_lastCommand == 0)
            _firstCommandTime = _connection.Loop.Now;

        _admin.Tell(new RunConsoleCommand(++_lastCommand, _rights, step.Text, step.Request), Self);
    }

    private void Answer(long command, ConsoleReply reply)
    {
        if (_closed)
            return;

        bool hasWaited = _waiting.Remove(command);
        _dialogue.Answer(reply, hasWaited);
        switch (reply.Kind)
        {
            case ConsoleReplyKind.Waits when !_dialogue.IsBusy:
                _waiting.Add(command);
                break;
            case ConsoleReplyKind.Error:
                LogError(reply.Text, reply.LogText);
                break;
            case ConsoleReplyKind.Fatal:
                End(reply.Text, isError: true);
                return;
        }

        Pump();
    }

    private void Disconnect()
    {
        ConsoleReply reply = ConsoleReply.Fatal(PoolerErrors.AdminForcedDisconnect);
        _dialogue.Answer(reply, hasWaited: true);
        End(reply.Text, isError: true);
    }

    private bool Receive()
    {
        switch (_connection.Receive(out ReadOnlySpan<byte> bytes))
        {
            case ReceiveStatus.Data:
                _dialogue.Receive(bytes);
                return true;
            case ReceiveStatus.WouldBlock:
                ResumeReading();
                return false;
            default:
                End(PoolerErrors.ClientUnexpectedEof, isError: false);
                return false;
        }
    }

    private void PauseReading()
    {
        if (!_readingPaused)
        {
            _readingPaused = true;
            _connection.PauseReading();
        }
    }

    private void ResumeReading()
    {
        if (_readingPaused)
        {
            _readingPaused = false;
            _connection.ResumeReading();
        }
    }

    private void Flush()
    {
        if (_dialogue.Output.Length == 0)
            return;

        _connection.Send(_dialogue.Output.Written);
        _dialogue.Output.Release();
    }

    private void End(string reason, bool isError)
    {
        Flush();
        _closed = true;
        _connection.CloseAfterFlush();
        if (_settings.LogDisconnections)
        {
            long age = (long)(_connection.Loop.WallClock - _client.ConnectTime).TotalSeconds;
            string line = string.Create(CultureInfo.InvariantCulture, $"closing because: {reason} (age={age}s)");
            _log.Line(LogEventLevel.Information, _socketContext, line);
        }

        if (isError)
            LogPoolerError(reason);

        Context.Stop(Self);
    }

    private void LogError(string text, string? logText = null)
    {
        _log.Line(LogEventLevel.Error, logText ?? text);
        LogPoolerError(text);
    }

    private void LogPoolerError(string text)
    {
        if (_settings.LogPoolerErrors)
            _log.Line(LogEventLevel.Warning, _socketContext, "pooler error: " + text);
    }

    private SocketSnapshot Snapshot() => _client with
    {
        RequestTime = _requestTime,
        Wait = _lastCommand == 0 ? 0 : _connection.Loop.Now - _firstCommandTime,
        RecvPos = _dialogue.IsBusy ? _commandLength : 0,
        PktAvail = _dialogue.IsBusy ? _commandLength : 0,
    };
}
