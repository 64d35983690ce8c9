using Pooler.Actors.Cancel;
using Pooler.Actors.Pools;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Clients;

/// <content>Cancel requests: on their way to whom they are meant for, and when that one has ended meanwhile.</content>
internal sealed partial class Reception
{
    private void RouteCancelRequest(PendingSocket socket, StartupRequest request)
    {
        ReleaseBuffer(socket);
        if (!CancelKey.TryRead(request.Body.Span, out var key, out var tail))
        {
            End(socket, PoolerErrors.BadCancelRequest);
            return;
        }

        socket.CancelStart = _context.Loop.Now;
        socket.AwaitedLoops = _tree.Loops.Count;
        var route = new RouteCancel(key, tail.ToArray(), new CancelRequester(_self, socket.Id));
        foreach (var loop in _tree.Loops)
        {
            loop.Tell(route, _self);
        }
    }

    /// <summary>A cancel request that found its client or pool ended has nobody else to answer it.</summary>
    private void OnDeadLetter(object message)
    {
        var (requester, reason) = message switch
        {
            CancelRequested request => (request.Requester, PoolerErrors.FailedCancelRequest),
            CancelLease request => (request.Requester, PoolerErrors.CancelForClientNowIdle),
            _ => default,
        };
        if (requester is not null && requester.Reception.Equals(_self) && _sockets.TryGetValue(requester.SocketId, out var asking))
        {
            End(asking, reason);
        }
    }
}
