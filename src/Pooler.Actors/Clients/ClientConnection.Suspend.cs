using Pooler.Actors.Supervision;
using Pooler.Actors.Transport;

namespace Pooler.Actors.Clients;

/// <content>SUSPEND: where this client can stop without anything half sent. Called by the loop's actor, on the loop's thread.</content>
internal sealed partial class ClientConnection
{
    private bool _isSuspended;
    private bool _isServerSuspended;

    /// <summary>Stops reading from the client if nothing of a request of its is in the pooler's hands; true if reading has stopped.</summary>
    public bool TrySuspend()
    {
        if (_isSuspended || _phase == ClientPhase.Closed)
        {
            return true;
        }

        // In any other phase it waits for something that is yet to be done.
        var canStop = _phase is ClientPhase.Idle or ClientPhase.Active
            && _held is null
            && _requests.AtBoundary
            && _connection.Unsent == 0
            && (_lease is null || (!_lease.Link.IsApplyingParameters && _lease.Link.Connection.Unsent == 0));
        if (canStop)
        {
            _isSuspended = true;
            _connection.PauseReading();
        }

        return canStop;
    }

    /// <summary>
    /// Stops reading from a client that waits for a server, once nobody is left who could give one back: it asks again behind RESUME, with the request that the
    /// pooler holds for it.
    /// </summary>
    public void SuspendWaiting()
    {
        _isSuspended = true;
        _acquire.IsOnHold = true;
        _connection.PauseReading();
    }

    /// <summary>It waits for a server.</summary>
    public bool IsWaiting => _phase == ClientPhase.Waiting;

    /// <summary>Stops reading from the client's server, if it has one, between two messages; true if reading has stopped.</summary>
    public bool TrySuspendServer()
    {
        if (_isServerSuspended || _phase != ClientPhase.Active || _lease is null)
        {
            return true;
        }

        var link = _lease.Link;
        if (_connection.Unsent > 0 || link.Connection.Unsent > 0 || !link.Responses.AtBoundary)
        {
            return false;
        }

        _isServerSuspended = true;
        link.Connection.PauseReading();
        return true;
    }

    /// <summary>Ends both.</summary>
    public void ResumeFromSuspend()
    {
        if (!_isSuspended)
        {
            return;
        }

        _isSuspended = false;
        _acquire.IsOnHold = false;
        if (_isServerSuspended)
        {
            _isServerSuspended = false;
            _lease?.Link.Connection.ResumeReading();
        }

        if (_phase != ClientPhase.Closed)
        {
            _connection.ResumeReading();
        }
    }

    /// <summary>A signal that was on its way when reading stopped; it comes again when reading goes on.</summary>
    private bool IsHeldBack(SocketEvent socket) =>
        socket.Signal == ConnectionSignal.Readable && (socket.IsServer ? _isServerSuspended : _isSuspended);
}
