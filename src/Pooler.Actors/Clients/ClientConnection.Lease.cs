using Pooler.Actors.Cancel;
using Pooler.Actors.Logging;
using Pooler.Actors.Pools;
using Pooler.Actors.Relay;
using Pooler.Actors.Wire;
using Serilog.Events;

namespace Pooler.Actors.Clients;

/// <content>A lease from its coming to its end: taken, made ready, given back, lost or revoked.</content>
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

        GiveBack(lease, WhyUnusable(lease.Link));
    }

    /// <summary>Why nobody else can have the server that the client leaves behind; null: it stands at a clean end.</summary>
    private string? WhyUnusable(ServerLink link)
    {
        var isIdle = link.TransactionStatus == TransactionStatus.Idle;
        if (link.IsBetweenBatches && isIdle && link.Ledger.Count > 0)
        {
            return link.Ledger.Count == 1 ? PoolerErrors.ClientLeftQueryInProgress : PoolerErrors.ClientLeftQueriesInProgress;
        }

        if (!link.IsReady || !isIdle || link.IsApplyingParameters)
        {
            return PoolerErrors.ClientLeftServerNotReady;
        }

        if (link.Connection.Unsent > 0 || !_requests.AtBoundary)
        {
            return PoolerErrors.ClientLeftBeforeAllSent;
        }

        return link.IsReleasable ? null : PoolerErrors.ClientLeftServerNotReady;
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
