using Pooler.Actors.Cancel;
using Pooler.Actors.Logging;
using Pooler.Actors.Pools;
using Pooler.Actors.Relay;
using Pooler.Actors.Supervision;
using Pooler.Actors.Transport;
using Pooler.Actors.Wire;
using Serilog.Events;

namespace Pooler.Actors.Clients;

/// <content>A lease from its coming to its end: relaying both ways while it lasts, giving it back.</content>
internal sealed partial class ClientConnection
{
    private void OnLease(Lease lease)
    {
        if (_phase != ClientPhase.Waiting)
        {
            // Nobody asks any more: it goes back as it came.
            lease.GiveBack(_pool!, _self, null);
            return;
        }

        if (_isSuspended)
        {
            // It was on its way when this client was stopped; the wish keeps its age.
            lease.GiveBack(_pool!, _self, null);
            _pool!.Tell(_acquire, _self);
            return;
        }

        TakeLease(lease);
        var link = lease.Link;
        link.QueryStart = _acquire.Since;
        link.TransactionStart = _acquire.Since;
        link.ClientStatements = _statements;
        link.HasMeantUnnamed = false;
        link.Retry.IsEnabled = Settings.Global.ReplanPreparedStatements;
        BeginTracking(link);
        var writer = _context.Writer;
        writer.Reset();
        var queries = WriteDifferences(writer, link);
        if (queries > 0)
        {
            // The client's request waits until its own parameters are in force.
            if (_context.Log.IsEnabled(LogEventLevel.Debug))
            {
                _context.Log.Line(LogEventLevel.Debug, Name, $"varcache_apply: {DescribeDifferences(link)}");
            }

            link.IsApplyingParameters = true;
            link.Responses.Policy.WantsErrors = true;
            link.IsReady = false;
            for (; queries > 0; queries--)
            {
                link.Ledger.Add(ExpectedResponse.Query, ResponseAction.Skip);
            }

            link.Connection.Send(writer.Written);
            return;
        }

        RelayHeld();
    }

    private void TakeLease(Lease lease)
    {
        _phase = ClientPhase.Active;
        _lease = lease;
        lease.IsTaken = true;
        lease.Link.Connection.Owner = this;
        _connection.ResumeReading();
    }

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

    /// <summary>Gives the server back at the end of a transaction, when everything has been answered and delivered; true if it did.</summary>
    private bool ReleaseIfDone()
    {
        if (_phase != ClientPhase.Active || _lease is not { } lease || !lease.Link.IsReleasable || _connection.Unsent > 0 || lease.Link.IsApplyingParameters || _held is not null)
        {
            return false;
        }

        if (IsSession || KeepsServer(lease.Link))
        {
            return false;
        }

        GiveBack(lease, null);
        _phase = ClientPhase.Idle;
        return true;
    }

    private void GiveBack(Lease lease, string? closeReason)
    {
        lease.Link.ClientStatements = null;
        closeReason = LetGo(lease) is { } unfit ? closeReason ?? unfit : closeReason;
        lease.GiveBack(_pool!, _self, closeReason ?? (lease.Link.IsLeaving ? PoolerErrors.ServerConnectionClosed : null));
    }

    /// <summary>The server is this client's no more; why it must not be used again, null: it may.</summary>
    private string? LetGo(Lease lease)
    {
        _lease = null;
        _isMessageCut = lease.Link.IsResponseUnfinished;
        return EndTracking(lease);
    }

    /// <summary>The server is of no use any more: it closes, and so does the client, who learns why.</summary>
    private void LoseServer(string text, string? closeReason = null)
    {
        GiveBack(_lease!, closeReason ?? text);
        Close(text);
    }

    private void OnRevoked(LeaseRevoked revoked)
    {
        if (_lease is not null && ReferenceEquals(_lease, revoked.Lease))
        {
            LetGo(_lease);
            Close(revoked.Reason);
        }
        else if (_phase == ClientPhase.Waiting && revoked.Lease.Holder is null)
        {
            // It was lost on its way here.
            _pool!.Tell(_acquire, _self);
        }
    }

    /// <summary>Gives the server back when the client leaves: for use by others if it stands at a clean end, else to be closed.</summary>
    private void LeaveServer()
    {
        if (_lease is not { } lease)
        {
            return;
        }

        var link = lease.Link;
        string? reason = null;
        if (link.Connection.Unsent > 0 || !_requests.AtBoundary || link.IsApplyingParameters)
        {
            reason = PoolerErrors.ClientLeftBeforeAllSent;
        }
        else if (link.Ledger.Count > 0)
        {
            reason = link.Ledger.Count == 1 ? PoolerErrors.ClientLeftQueryInProgress : PoolerErrors.ClientLeftQueriesInProgress;
        }
        else if (!link.IsReleasable)
        {
            reason = PoolerErrors.ClientLeftServerNotReady;
        }

        GiveBack(lease, reason);
    }

    private void OnCancelRequested(CancelRequester requester)
    {
        if (_phase == ClientPhase.Active && _lease is not null)
        {
            _pool!.Tell(new CancelLease(_lease, requester), _self);
        }
        else
        {
            requester.Reception.Tell(new CancelDone(requester.SocketId, PoolerErrors.CancelForIdleClient), _self);
        }
    }
}
