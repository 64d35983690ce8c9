using Pooler.Actors.Dns;
using Pooler.Actors.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Pools;

/// <content>What the console and new settings order: pause and resume, other servers, the end.</content>
internal sealed partial class Pool
{
    private void OnControl(object message)
    {
        switch (message)
        {
            case PausePool pause:
                _record.IsPaused = true;
                _record.PauseTickets.Add(pause.Ticket);
                CloseFree(PoolerErrors.PauseMode);
                CheckPaused();
                break;
            case ResumePool:
                OnResume();
                break;
            case DropPool:
                OnDrop();
                break;
            case RetirePool:
                OnRetire();
                break;
            case StopPool:
                Context.Stop(_self);
                break;
            case SetPoolDisabled disabled:
                SetDisabled(disabled.IsDisabled);
                break;
            case AwaitReplacedServers awaited:
                _record.ReplacementTickets.Add(awaited.Ticket);
                CheckReplaced();
                break;
            case ComeToRest order:
                OnComeToRest(order);
                break;
            case WakePool:
                OnWake();
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
        _record.PauseTickets.Clear();
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

    /// <summary>Clients that wait for their welcome have not entered yet.</summary>
    private void SetDisabled(bool isDisabled)
    {
        _record.IsDisabled = isDisabled;
        if (isDisabled)
        {
            foreach (var acquire in _joining)
            {
                Refuse(acquire, PoolerErrors.DatabaseDisabled(_record.Key.Database));
            }

            _joining.Clear();
            foreach (var waiter in _replication)
            {
                Refuse(waiter.Acquire, PoolerErrors.DatabaseDisabled(_record.Key.Database));
            }

            _replication.Clear();
        }
    }

    private void CheckPaused()
    {
        if (_record.IsPaused
            && _record.PauseTickets.Count > 0
            && _servers.Count(ServerState.Active) + _servers.Count(ServerState.Tested) + _servers.Count(ServerState.BeingCanceled) == 0)
        {
            Answer(_record.PauseTickets);
        }
    }

    /// <summary>Those that are told to close count until they have.</summary>
    private void CheckReplaced()
    {
        if (_record.ReplacementTickets.Count > 0 && !_servers.All.Any(server => server.CloseNeeded))
        {
            Answer(_record.ReplacementTickets);
        }
    }

    private void Answer(List<long> tickets)
    {
        foreach (var ticket in tickets)
        {
            Context.Parent.Tell(new PoolReady(ticket), _self);
        }

        tickets.Clear();
    }
}
