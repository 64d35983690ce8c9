using Pooler.Actors.Logging;
using Pooler.Actors.Relay;
using Pooler.Actors.Supervision;
using Pooler.Actors.Transport;
using Pooler.Actors.Wire;
using Serilog.Events;

namespace Pooler.Actors.Clients;

/// <content>Relaying both ways while a lease lasts, in rounds that leave the other connections their turn.</content>
internal sealed partial class ClientConnection
{
    private void RelayHeld()
    {
        var held = _held;
        if (held is null)
        {
            return;
        }

        var length = _heldLength;
        _held = null;
        _heldLength = 0;
        RelayRequests(held.AsSpan(0, length));
        _context.Loop.Buffers.Return(held);
        if (_phase == ClientPhase.Active && _lease!.Link is { IsReady: true } link)
        {
            // Nothing that awaits an answer: a Flush alone. The next request begins a query of its own.
            link.QueryStart = 0;
            link.TransactionStart = link.TransactionStatus == TransactionStatus.Idle ? 0 : link.TransactionStart;
        }

        ReleaseIfDone();
    }

    private void OnClientWhileActive(ConnectionSignal signal)
    {
        if (signal == ConnectionSignal.Drained)
        {
            if (!_isServerSuspended)
            {
                _lease!.Link.Connection.ResumeReading();
            }

            if (!_isSuspended)
            {
                _connection.ResumeReading();
            }

            ReleaseIfDone();
            return;
        }

        if (signal != ConnectionSignal.Readable)
        {
            return;
        }

        // As many rounds as sbuf_loopcnt allows, so that one busy client does not keep the others waiting.
        for (var round = MaxRounds; _phase == ClientPhase.Active && round > 0; round--)
        {
            var server = _lease!.Link.Connection;
            var link = _lease.Link;
            if (server.Unsent > 0 || link.IsClientHeld || _connection.Unsent > HeldAtMost || _held is not null || (link.OwesTooMuch && !link.IsRequestUnfinished))
            {
                // The source waits until what it sent before has gone on its way; the server's answer or Drained lets it go on.
                _connection.PauseReading();
                return;
            }

            switch (_connection.Receive(out var input))
            {
                case ReceiveStatus.Data:
                    _lastRequest = _context.Loop.Now;
                    RelayRequests(input);

                    // The rest of a CopyData may have come after the server has given up the COPY.
                    if (ReleaseIfDone() || input.Length < _context.Loop.ReceiveSize)
                    {
                        return;
                    }

                    break;
                case ReceiveStatus.WouldBlock:
                    return;
                default:
                    End(PoolerErrors.ClientUnexpectedEof);
                    return;
            }
        }
    }

    private int MaxRounds => Settings.Global.SbufLoopcnt is > 0 and var rounds ? rounds : int.MaxValue;

    private void RelayRequests(ReadOnlySpan<byte> input)
    {
        _requests.Policy.Rewrites = RewritesStatements;
        _requests.Policy.Tracks = _lease!.Link.Tracker is not null;
        var result = RequestRelay.Relay(
            ref _requests, ref _statements, _context.Statements, _lease.Link, _connection, input, _context.Loop.Buffers, Limits, _context.Loop.Now);
        if (result.Left > 0 || result.Again is not null)
        {
            Hold(result.Again);
            Hold(input[^result.Left..]);
            _connection.PauseReading();
        }

        switch (result.Status)
        {
            case RelayStatus.Terminated:
                End(result.Text!);
                break;
            case RelayStatus.Broken:
                Refuse(result.Text!, result.Complaint);
                break;
            default:
                break;
        }
    }

    /// <summary>Closes a client that has sent what it must not; <paramref name="complaint"/>: what the log says of it besides.</summary>
    private void Refuse(string text, string? complaint)
    {
        if (complaint is not null)
        {
            _context.Log.Line(LogEventLevel.Error, Name, complaint);
        }

        Close(text);
    }

    private void OnServerSocket(ConnectionSignal signal)
    {
        // A signal that was on its way when the lease went back is nobody's; the next owner gets its own.
        if (_phase != ClientPhase.Active || _lease is null)
        {
            return;
        }

        if (signal == ConnectionSignal.Drained)
        {
            GoOn();
            ReleaseIfDone();
            return;
        }

        if (signal == ConnectionSignal.Readable)
        {
            ReceiveFromServer();
        }
    }

    /// <summary>Goes on with a client that had to wait for its server: first with what it has sent already.</summary>
    private void GoOn()
    {
        if (_held is not null && _lease!.Link is { IsClientHeld: false, IsBehind: false })
        {
            RelayHeld();
        }

        if (_phase is ClientPhase.Active or ClientPhase.Idle && _held is null && !_isSuspended)
        {
            _connection.ResumeReading();
        }
    }

    private void ReceiveFromServer()
    {
        for (var round = MaxRounds; _phase == ClientPhase.Active && round > 0; round--)
        {
            var link = _lease!.Link;
            if (_connection.Unsent > 0)
            {
                link.Connection.PauseReading();
                return;
            }

            switch (link.Connection.Receive(out var input))
            {
                case ReceiveStatus.Data:
                    var isFull = input.Length >= _context.Loop.ReceiveSize;
                    if (!RelayResponses(link, input) || !isFull)
                    {
                        return;
                    }

                    break;
                case ReceiveStatus.WouldBlock:
                    return;
                default:
                    LoseServer(PoolerErrors.ServerConnectionCrashed);
                    return;
            }
        }
    }

    /// <summary>False when the exchange with this server has ended.</summary>
    private bool RelayResponses(ServerLink link, ReadOnlySpan<byte> input)
    {
        var wasApplying = link.IsApplyingParameters;
        var wasRefused = link.Retry.IsRefused;
        var owedTooMuch = !link.OwesLittle;
        var result = ResponseRelay.Relay(
            link, _connection, _parameters, input, _context.Loop.Buffers, _context.Writer, LargestPacket, _context.Loop.Now);
        LogNotices(link);
        if (result.Status == RelayStatus.Broken)
        {
            if (result.Text == ResponseRelay.QuarantineReason)
            {
                _context.Counters.AddQuarantined();
                _context.Log.Line(
                    LogEventLevel.Error, Name, $"server {SocketNames.Server(_lease!.Server.Id, _databaseName, ServerUser, link.Connection.Remote.ToString())} sent a response that nobody asked for");
            }
            else if (wasApplying)
            {
                _context.Log.Line(LogEventLevel.Error, $"varcache_apply failed: {link.OwnError}");
            }

            LoseServer(result.Text == ResponseRelay.QuarantineReason ? PoolerErrors.ServerConnectionCrashed : result.Text!, result.Text);
            return false;
        }

        if (wasApplying)
        {
            if (!link.IsApplyingParameters)
            {
                OnDifferencesApplied(link);
                GoOn();
                ReleaseIfDone();
            }

            return _phase == ClientPhase.Active;
        }

        var isAwaitOver = link.IsAwaitOver;
        if (isAwaitOver)
        {
            link.IsAwaited = false;
        }

        if (isAwaitOver || (wasRefused && !link.Retry.IsRefused) || (owedTooMuch && link.OwesLittle))
        {
            GoOn();
        }

        return !ReleaseIfDone();
    }
}
