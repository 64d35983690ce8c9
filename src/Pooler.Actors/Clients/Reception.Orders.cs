using Pooler.Actors.Admin;
using Pooler.Actors.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Clients;

/// <content>What the console orders: the end of one socket, and rest.</content>
internal sealed partial class Reception
{
    /// <summary>Only those that ask for a cancel are clients for the console; the others have not proved anything yet.</summary>
    private void OnKillClient(KillClient kill)
    {
        var isFound = _sockets.TryGetValue(kill.SocketId, out var socket) && socket.CancelStart > 0;
        if (isFound)
        {
            End(socket!, PoolerErrors.AdminForcedDisconnect);
        }

        Sender.Tell(new KillClientAnswered(kill.Id, isFound), _self);
    }

    /// <summary>It is at rest when nobody is on the way in.</summary>
    private void OnComeToRest(ComeToRest order)
    {
        foreach (var socket in order.IsTimeOver ? [.. _sockets.Values] : Array.Empty<PendingSocket>())
        {
            if (socket.CancelStart > 0)
            {
                End(socket, PoolerErrors.SuspendTimeout);
            }
            else
            {
                Refuse(socket, PoolerErrors.SuspendTimeout);
            }
        }

        if (_sockets.Count == 0)
        {
            Sender.Tell(new AtRest(order.Id), _self);
        }
    }
}
