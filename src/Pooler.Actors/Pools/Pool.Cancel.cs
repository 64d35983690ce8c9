using Pooler.Actors.Cancel;
using Pooler.Actors.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Pools;

/// <content>Cancelling what a client's server runs, and never what the next client's does.</content>
internal sealed partial class Pool
{
    private readonly Dictionary<long, PooledServer> _carriers = [];
    private readonly Queue<CancelLease> _waitingCancels = new();

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

        // Requests may go beyond the pool's size, or a full pool could never be cancelled; up to twice its size in all.
        var size = Settings.PoolSize(Database, User);
        if (size > 0 && _servers.Open + _carriers.Count >= 2 * size)
        {
            _waitingCancels.Enqueue(cancel);
            return;
        }

        Carry(cancel);
    }

    private void Carry(CancelLease cancel)
    {
        var server = cancel.Lease.Server;
        var id = _context.Counters.NextSocketId();
        var ticket = new CancelTicket(id, cancel.Requester);
        server.Cancels.Add(ticket);
        _carriers.Add(id, server);
        Context.ActorOf(CancelCarrier.Props(_context, cancel.Lease.Link.Target, cancel.Lease.Link.Key, ticket), ActorNames.Cancel(id));
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

        while (_waitingCancels.TryDequeue(out var next))
        {
            OnCancel(next);
            if (_waitingCancels.Contains(next))
            {
                break;
            }
        }

        if (server.State == ServerState.BeingCanceled && server.Cancels.Count == 0)
        {
            Recycle(server);
        }
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
        requester.Reception.Tell(new CancelDone(requester.SocketId, reason), _self);
}
