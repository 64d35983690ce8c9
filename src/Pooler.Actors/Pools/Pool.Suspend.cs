using Pooler.Actors.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Pools;

/// <content>SUSPEND: free servers are not read from any more; those that are neither free nor on loan close.</content>
internal sealed partial class Pool
{
    private void OnComeToRest(ComeToRest order)
    {
        while (_servers.Used.First is { Value: var used })
        {
            Close(used, PoolerErrors.UnsafeDescriptorOnSuspend);
        }

        if (_connecting is { } connecting)
        {
            _connecting = null;
            Close(connecting, PoolerErrors.UnsafeDescriptorOnSuspend);
        }

        foreach (var server in _servers.All)
        {
            if (server.State == ServerState.Tested)
            {
                Close(server, PoolerErrors.UnsafeDescriptorOnSuspend);
            }
            else if (server.State == ServerState.BeingCanceled && order.IsTimeOver)
            {
                Close(server, PoolerErrors.SuspendTimeout);
            }
            else if (server.State == ServerState.Idle)
            {
                server.Lease!.Link.Connection.PauseReading();
            }
        }

        if (_servers.Count(ServerState.BeingCanceled) == 0)
        {
            Sender.Tell(new AtRest(order.Id), _self);
        }
    }

    private void OnWake()
    {
        foreach (var server in _servers.Idle)
        {
            server.Lease!.Link.Connection.ResumeReading();
        }

        ServeQueue();
    }
}
