using Akka.Actor;
using Akka.Event;
using Pooler.Actors.Admin;
using Pooler.Actors.Cancel;
using Pooler.Actors.Configuration;
using Pooler.Actors.Logging;
using Pooler.Actors.Supervision;
using Pooler.Actors.Transport;
using Pooler.Actors.Wire;
using Serilog.Events;

namespace Pooler.Actors.Clients;

/// <summary>
/// Receives the sockets that a loop's listeners accept: answers requests for TLS and GSS encryption, routes cancel requests, and lets a client with a whole and
/// admissible startup packet through to the loop of its pool. Slow and rude peers end here and cost no actor. Lives on the listeners' loop.
/// </summary>
internal sealed partial class Reception : UntypedActor, IDeadlineHolder
{
    private readonly LoopContext _context;
    private readonly PoolerTree _tree;
    private readonly IActorRef _self;
    private readonly Dictionary<long, PendingSocket> _sockets = [];

    public Reception(LoopContext context, PoolerTree tree)
    {
        _context = context;
        _tree = tree;
        _self = Self;
    }

    public int SweepPosition { get; set; } = -1;

    public static Props Props(LoopContext context, PoolerTree tree) =>
        Akka.Actor.Props.Create<Reception>(context, tree).WithDispatcher(ActorNames.LoopDispatcher(context.Loop.Index));

    public void Sweep(long now)
    {
        if (_sockets.Count > 0 && !_context.IsSuspended)
        {
            _self.Tell(DeadlinePassed.Instance, ActorRefs.NoSender);
        }
    }

    protected override void PreStart()
    {
        _context.Loop.Deadlines.Add(this);
        Context.System.EventStream.Subscribe(_self, typeof(DeadLetter));
    }

    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(_self);
        _context.Loop.Deadlines.Remove(this);
        foreach (var socket in _sockets.Values)
        {
            ReleaseBuffer(socket);
            socket.Connection.Close();
            Uncount(socket);
        }
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SocketAccepted accepted:
                _context.Counters.AddClient();
                var socket = new PendingSocket(
                    _self, _context.Counters.NextSocketId(), accepted.Connection, _context.Loop.Now, _context.Loop.WallClock);
                _sockets.Add(socket.Id, socket);
                _context.Loop.Attach(accepted.Connection, socket);

                // With TCP_DEFER_ACCEPT the startup packet is there already: reading now saves a round through epoll.
                ReceiveGuarded(socket);
                break;
            case PendingSocket pending:
                if (_sockets.ContainsKey(pending.Id))
                {
                    ReceiveGuarded(pending);
                }

                break;
            case CancelRouted routed:
                if (_sockets.TryGetValue(routed.SocketId, out var asking) && (routed.IsFound ? asking.AwaitedLoops = 0 : --asking.AwaitedLoops) == 0 && !routed.IsFound)
                {
                    End(asking, PoolerErrors.FailedCancelRequest);
                }

                break;
            case CancelDone done:
                if (_sockets.TryGetValue(done.SocketId, out var answered))
                {
                    End(answered, done.Reason, done.Database);
                }

                break;
            case KillClient kill:
                OnKillClient(kill);
                break;
            case ComeToRest order:
                OnComeToRest(order);
                break;
            case DeadLetter letter:
                OnDeadLetter(letter.Message);
                break;
            case DeadlinePassed:
                CheckDeadlines();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void CheckDeadlines()
    {
        var global = _context.Settings.Global;
        var now = _context.Loop.Now;
        List<PendingSocket>? passed = null;
        foreach (var socket in _sockets.Values)
        {
            var limit = socket.CancelStart > 0 ? global.CancelWaitTimeout : global.ClientLoginTimeout;
            var since = socket.CancelStart > 0 ? socket.CancelStart : socket.ConnectStart;
            if (TimeLimit.IsOver(limit, now - since))
            {
                (passed ??= []).Add(socket);
            }
        }

        foreach (var socket in passed ?? [])
        {
            if (socket.CancelStart > 0)
            {
                End(socket, PoolerErrors.CancelWaitTimeout);
            }
            else
            {
                Refuse(socket, PoolerErrors.ClientLoginTimeout);
            }
        }
    }

    /// <summary>These sockets have no actor that could fail for them, so a fault is caught here and ends the one socket that it came from.</summary>
    private void ReceiveGuarded(PendingSocket socket)
    {
        try
        {
            Receive(socket);
        }
        catch (Exception exception)
        {
            _context.Log.Line(LogEventLevel.Error, NameOf(socket), $"a new connection failed: {exception}");
            End(socket, null);
        }
    }

    private void Receive(PendingSocket socket)
    {
        switch (socket.Connection.Receive(out var input))
        {
            case ReceiveStatus.Data when socket.CancelStart > 0:
                // Nothing follows a cancel request.
                break;
            case ReceiveStatus.Data:
                if (socket.Buffer is null)
                {
                    Take(socket, input);
                }
                else
                {
                    Keep(socket, input);
                    Take(socket, socket.Buffer.AsSpan(0, socket.Length));
                }

                break;
            case ReceiveStatus.WouldBlock:
                break;
            default:
                if (socket.CancelStart > 0)
                {
                    // The request is on its way and goes on without its sender.
                    socket.Connection.PauseReading();
                    break;
                }

                // A client that leaves between two packets, having been refused encryption, say, or a monitor, is not worth a line.
                End(socket, socket.Buffer is null ? null : PoolerErrors.ClientUnexpectedEof);
                break;
        }
    }

    /// <summary>Takes what is there of the startup; bytes that are not a whole packet yet are kept.</summary>
    private void Take(PendingSocket socket, ReadOnlySpan<byte> input)
    {
        switch (StartupRequest.TryRead(input, out var request, out var consumed, out var error))
        {
            case StartupStatus.Incomplete:
                // What has been kept already is the input itself.
                if (socket.Buffer is null)
                {
                    Keep(socket, input);
                }

                return;
            case StartupStatus.Bad:
                Refuse(socket, error!);
                return;
            case StartupStatus.BadSilent:
                End(socket, error);
                return;
            default:
                break;
        }

        var following = input[consumed..];
        switch (request!.Kind)
        {
            case StartupRequestKind.SslRequest:
            case StartupRequestKind.GssEncRequest:
                if (following.Length > 0)
                {
                    Refuse(socket, request.Kind == StartupRequestKind.SslRequest
                        ? PoolerErrors.UnencryptedDataAfterSslRequest
                        : PoolerErrors.UnencryptedDataAfterGssRequest);
                    return;
                }

                ReleaseBuffer(socket);
                socket.Connection.Send("N"u8);
                return;
            case StartupRequestKind.CancelRequest:
                RouteCancelRequest(socket, request);
                return;
            case StartupRequestKind.StartupVersion2:
                Refuse(socket, PoolerErrors.OldProtocol);
                return;
            default:
                Admit(socket, request, following);
                return;
        }
    }

    private void Admit(PendingSocket socket, StartupRequest request, ReadOnlySpan<byte> following)
    {
        var settings = _context.Settings;
        var host = settings.Global.ApplicationNameAddHost ? HostDetail(socket.Connection.Remote) : null;
        if (!StartupParameters.TryRead(request.Body.Span, _context.Tracked, _context.IgnoredStartupParameters, host, out var parameters, out var error, out var warning))
        {
            if (warning is not null)
            {
                _context.Log.Line(LogEventLevel.Warning, NameOf(socket), warning);
            }

            Refuse(socket, error!);
            return;
        }

        var isConsole = parameters!.Database == PoolerSettings.ConsoleDatabase;
        settings.TryGetDatabase(parameters.Database, out var database);
        if (CountClient(socket, parameters, database) is { } oneTooMany)
        {
            // It is refused before it gets a pool; the first limit counts sockets, whoever they are.
            var isNamed = oneTooMany != PoolerErrors.TooManyClients && settings.IsKnownUser(parameters.User);
            Refuse(socket, oneTooMany, database: null, isNamed ? parameters.User : null);
            return;
        }

        var isOwn = isConsole && ClientLogin.IsOwnAccount(parameters.User, socket.Connection.Remote);
        if (settings.Global.AuthType != AuthType.Any && !isOwn && !settings.IsKnownUser(parameters.User))
        {
            _context.Log.Line(LogEventLevel.Information, NameOf(socket), $"no such user: {parameters.User}");
        }

        if (settings.Global.LogConnections)
        {
            var known = ClientLogin.HasPoolFor(settings, parameters, database, socket.Connection.Remote) ? parameters.Database : null;
            var name = SocketNames.Client(socket.Id, known, parameters.User, socket.Connection.Remote);
            _context.Log.Line(LogEventLevel.Information, name, $"login attempt: db={SocketNames.Short(parameters.Database)} user={parameters.User} tls=no replication={ReplicationModes.StartupValue(parameters.Replication)}");
        }

        var startup = new ClientStartup
        {
            SocketId = socket.Id,
            Connection = socket.Connection,
            Parameters = parameters,
            Database = isConsole ? null : database,
            ProtocolVersion = ProtocolNegotiation.VersionFor(request.Code),
            NeedsNegotiation = ProtocolNegotiation.IsNeeded(request.Code, parameters.UnsupportedProtocolOptions),
            Rest = following.ToArray(),
            Place = socket.Place!,
            ConnectStart = socket.ConnectStart,
            ConnectTime = socket.ConnectTime,
        };

        // A client without a pool stays here.
        var home = startup.Database is null ? _context.Loop.Index : LoopContext.HomeLoop(startup.PoolKey, _tree.Loops.Count);
        if (home != _context.Loop.Index)
        {
            socket.Connection.Detach();
        }

        ReleaseBuffer(socket);
        _sockets.Remove(socket.Id);
        _tree.Loops[home].Tell(new AdoptClient(startup), _self);
    }

    private string HostDetail(PeerAddress remote) =>
        remote.Kind == AddressKind.Unix ? $"unix({remote.Pid}@{Environment.MachineName}):{remote.Port}" : remote.ToString();

    private void Keep(PendingSocket socket, ReadOnlySpan<byte> bytes)
    {
        socket.Buffer = _context.Loop.Buffers.Grow(socket.Buffer, socket.Length, socket.Length + bytes.Length);
        bytes.CopyTo(socket.Buffer.AsSpan(socket.Length));
        socket.Length += bytes.Length;
    }

    private void ReleaseBuffer(PendingSocket socket)
    {
        if (socket.Buffer is not null)
        {
            _context.Loop.Buffers.Return(socket.Buffer);
            socket.Buffer = null;
            socket.Length = 0;
        }
    }

    private static string NameOf(PendingSocket socket, string? database = null, string? user = null) =>
        SocketNames.Client(socket.Id, database, user, socket.Connection.Remote);

    /// <summary>Ends the socket with a fatal error; <paramref name="database"/> and <paramref name="user"/>: whom it named, if that is known.</summary>
    private void Refuse(PendingSocket socket, string text, string? database = null, string? user = null)
    {
        var writer = _context.Writer;
        writer.Reset();
        writer.WriteFatal(text);
        socket.Connection.Send(writer.Written);
        End(socket, text, database, user);
        if (_context.Settings.Global.LogPoolerErrors)
        {
            _context.Log.Line(LogEventLevel.Warning, NameOf(socket, database, user), $"pooler error: {text}");
        }
    }

    /// <summary>Ends the socket; a reason of null leaves no line. <paramref name="database"/>: that of the pool it had to do with.</summary>
    private void End(PendingSocket socket, string? reason, string? database = null, string? user = null)
    {
        if (!_sockets.Remove(socket.Id))
        {
            return;
        }

        ReleaseBuffer(socket);
        if (reason is not null)
        {
            _context.LogClosing(NameOf(socket, database, user), reason, socket.ConnectStart);
        }

        socket.Connection.CloseAfterFlush();
        Uncount(socket);
    }
}
