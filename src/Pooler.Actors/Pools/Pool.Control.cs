using Akka.Actor;
using Pooler.Actors.Dns;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Pools;

/// <content>What the console and new settings order: pause and resume, other servers, the end.</content>
internal sealed partial class Pool
{
    private IActorRef? _pausedReportTo;

    private void OnControl(object message)
    {
        switch (message)
        {
            case PausePool:
                _record.IsPaused = true;
                _pausedReportTo = Sender;
                CloseFree(PoolerErrors.PauseMode);
                CheckPaused();
                break;
            case ResumePool:
                OnResume();
                break;
            case DropPool:
                _isDropped = true;
                _context.Pools.Remove(_record.Key);
                Context.Stop(_self);
                break;
            case ReconnectPool:
                ReplaceServers();
                ServeQueue();
                break;
            case RefuseWaiters:
                RefuseAll(PoolerErrors.ServerShuttingDown, SqlStates.ProtocolViolation);
                break;
            case PoolSettingsChanged changed:
                OnSettingsChanged(changed);
                break;
            case HostAddressesVanished vanished:
                OnVanished(vanished);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnResume()
    {
        if (_record.IsPaused)
        {
            // Whoever resumes has looked after the server: what failed before the pause says nothing about it any more.
            ForgetFailure();
        }

        _record.IsPaused = false;
        _pausedReportTo = null;
        ServeQueue();
    }

    private void OnSettingsChanged(PoolSettingsChanged changed)
    {
        _record.Database = changed.Database;
        if (changed.IsDirty)
        {
            ReplaceServers();
        }

        ServeQueue();
    }

    private void CloseFree(string reason)
    {
        while ((_servers.Idle.First ?? _servers.Used.First) is { } node)
        {
            Close(node.Value, reason);
        }

        if (_connecting is { } connecting)
        {
            _connecting = null;
            Close(connecting, reason);
        }
    }

    private void CheckPaused()
    {
        if (_record.IsPaused
            && _pausedReportTo is { } reportTo
            && _servers.Count(ServerState.Active) + _servers.Count(ServerState.Tested) + _servers.Count(ServerState.BeingCanceled) == 0)
        {
            _pausedReportTo = null;
            reportTo.Tell(PoolPaused.Instance, _self);
        }
    }
}
