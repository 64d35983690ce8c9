using Pooler.Actors.Cancel;
using Pooler.Actors.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Pools;

/// <content>Cancelling what a client's server runs, and never what the next client's does.</content>
internal sealed partial class Pool
{
    private readonly Dictionary<long, PooledServer> _carriers = [];
    private readonly List<WaitingCancel> _waitingCancels = [];

    private void OnCancel(CancelLease cancel)
    {
        var lease = cancel.Lease;
        if (lease.Holder is null || !lease.IsTaken || lease.Server.State != ServerState.Active)
        {
            Done(cancel.Requester, PoolerErrors.CancelForClientNowIdle);
            return;
        }

        if (lease.Link.IsApplyingParameters)
        {
            Done(cancel.Requester, PoolerErrors.CancelWhileSettingParameters);
            return;
        }

        if (HasRoomForCancel)
        {
            Carry(cancel);
        }
        else
        {
            _waitingCancels.Add(new WaitingCancel(cancel, _context.Loop.Now));
        }
    }

    /// <summary>Requests may go beyond the pool's size, or a full pool could never be cancelled; up to twice its size in all.</summary>
    private bool HasRoomForCancel
    {
        get
        {
            var size = Settings.PoolSize(Database, User);
            return size <= 0 || _servers.Total + _carriers.Count < 2 * size;
        }
    }

    /// <summary>Carries requests that had to wait, oldest first, as far as there is room.</summary>
    private void ServeCancels()
    {
        while (_waitingCancels.Count > 0 && HasRoomForCancel)
        {
            var next = _waitingCancels[0].Request;
            _waitingCancels.RemoveAt(0);
            OnCancel(next);
        }
    }

    /// <summary>A request that has not been carried must not strike what the server runs for the next client.</summary>
    private void DropWaitingCancels(PooledServer server)
    {
        for (var i = _waitingCancels.Count - 1; i >= 0; i--)
        {
            if (_waitingCancels[i].Request.Lease.Server == server)
            {
                Done(_waitingCancels[i].Request.Requester, PoolerErrors.CancelForClientNowIdle);
                _waitingCancels.RemoveAt(i);
            }
        }
    }

    private void DropOldCancels(long now)
    {
        while (_waitingCancels.Count > 0 && TimeLimit.IsOver(Settings.Global.CancelWaitTimeout, now - _waitingCancels[0].Since))
        {
            Done(_waitingCancels[0].Request.Requester, PoolerErrors.CancelWaitTimeout);
            _waitingCancels.RemoveAt(0);
        }
    }

    /// <summary>The pool ends: who asked need not wait any longer.</summary>
    private void GiveUpCancels()
    {
        foreach (var waiting in _waitingCancels)
        {
            Done(waiting.Request.Requester, PoolerErrors.CancelNotSent);
        }

        foreach (var server in _carriers.Values)
        {
            foreach (var ticket in server.Cancels)
            {
                Done(ticket.Requester, ticket.IsSent ? PoolerErrors.CancelSent : PoolerErrors.CancelNotSent);
            }
        }
    }

    private void Carry(CancelLease cancel)
    {
        var server = cancel.Lease.Server;
        var id = _context.Counters.NextSocketId();
        var ticket = new CancelTicket(id, cancel.Requester);
        server.Cancels.Add(ticket);
        _carriers.Add(id, server);
        var link = cancel.Lease.Link;
        var name = SocketNames.Server(id, _record.Key.Database, User, link.Connection.Remote.ToString());

        // It counts as a connection but needs no room: what it cancels is what would make room.
        var place = _context.Counters.Servers.Take(_record.Key.Database, LoginUser);
        Context.ActorOf(CancelCarrier.Props(_context, link, ticket, name, place), ActorNames.Cancel(id));
    }

    private void OnCarried(CancelCarried carried)
    {
        if (!_carriers.Remove(carried.Id, out var server))
        {
            return;
        }

        var index = server.Cancels.FindIndex(ticket => ticket.Id == carried.Id);
        if (index >= 0)
        {
            Done(server.Cancels[index].Requester, carried.IsSent ? PoolerErrors.CancelSent : PoolerErrors.CancelNotSent);
            server.Cancels.RemoveAt(index);
        }

        // A request whose end nobody has seen may strike at any time, so that this server is for nobody else. A replication client's never is.
        server.CloseNeeded |= !carried.IsSettled && server.Replication is null;
        ServeCancels();
        if (server.State == ServerState.BeingCanceled && server.Cancels.Count == 0)
        {
            Recycle(server);
            return;
        }

        // The carrier was one connection of the pool's size.
        ServeQueue();
    }

    private void AbandonUnsentCancels(PooledServer server)
    {
        for (var i = server.Cancels.Count - 1; i >= 0; i--)
        {
            var ticket = server.Cancels[i];
            if (!ticket.IsSent)
            {
                ticket.IsAbandoned = true;
                server.Cancels.RemoveAt(i);
                Done(ticket.Requester, PoolerErrors.CancelForClientNowIdle);
            }
        }
    }

    private void Done(CancelRequester requester, string reason) =>
        requester.Reception.Tell(new CancelDone(requester.SocketId, reason, _record.Key.Database), _self);

    /// <summary>A request for which there is no room yet; <paramref name="Since"/> in microseconds of the loop.</summary>
    private readonly record struct WaitingCancel(CancelLease Request, long Since);
}
