using Akka.Actor;
using Pooler.Actors.Admin;
using Pooler.Actors.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Clients;

/// <content>
/// SUSPEND on this loop. Nothing on the way of a query knows of it: while a step is under way the loop's actor looks again and again who has come to rest, and stops
/// reading there.
/// </content>
internal sealed partial class LoopActor
{
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(10);

    private readonly HashSet<IActorRef> _restless = [];
    private SuspendLoop? _suspend;
    private IActorRef _suspendedBy = ActorRefs.Nobody;
    private long _suspendStart = -1;

    public ITimerScheduler Timers { get; set; } = null!;

    private bool IsSuspendTimeOver => TimeLimit.IsOver(_context.Settings.Global.SuspendTimeout, _context.Loop.Now - _suspendStart);

    private void OnSuspend(SuspendLoop suspend)
    {
        _suspend = suspend;
        _suspendedBy = Sender;
        _suspendStart = _suspendStart < 0 ? _context.Loop.Now : _suspendStart;
        _restless.Clear();
        if (suspend.Step == SuspendStep.Clients)
        {
            _restless.Add(_reception);
        }
        else
        {
            // Nobody waits for a server any more, and what happens by time waits too.
            _context.IsSuspended = true;
            _restless.UnionWith(_context.Pools.Values);
        }

        Timers.StartPeriodicTimer(LookForRest.Instance, LookForRest.Instance, LookPeriod);
        Look();
    }

    private void OnResumeLoop()
    {
        _suspend = null;
        _suspendStart = -1;
        _context.IsSuspended = false;
        Timers.Cancel(LookForRest.Instance);
        foreach (var client in _context.Clients)
        {
            client.ResumeFromSuspend();
        }

        foreach (var pool in _context.Pools.Values)
        {
            pool.Tell(WakePool.Instance, _self);
        }
    }

    private void OnAtRest(AtRest atRest)
    {
        if (_suspend?.Id == atRest.Id && _restless.Remove(Sender))
        {
            Look();
        }
    }

    /// <summary>Stops reading wherever that is possible by now, and ends the step if that is everywhere.</summary>
    private void Look()
    {
        if (_suspend is not { } suspend)
        {
            return;
        }

        var isTimeOver = IsSuspendTimeOver;
        var areAtRest = true;
        var areSomeWaiting = false;
        foreach (var client in _context.Clients)
        {
            if (suspend.Step == SuspendStep.Clients ? client.TrySuspend() : client.TrySuspendServer())
            {
                continue;
            }

            if (client.IsWaiting)
            {
                // As long as others move, it may get its turn.
                areSomeWaiting = true;
                continue;
            }

            areAtRest = false;
            if (isTimeOver)
            {
                client.Actor.Tell(new ForceDisconnect(PoolerErrors.SuspendTimeout), _self);
            }
        }

        if (areAtRest && areSomeWaiting)
        {
            foreach (var client in _context.Clients)
            {
                if (client.IsWaiting)
                {
                    client.SuspendWaiting();
                }
            }
        }

        // One that has ended meanwhile cannot say so.
        _restless.RemoveWhere(actor => !actor.Equals(_reception) && !_context.Pools.ContainsValue(actor));
        if (areAtRest || isTimeOver)
        {
            foreach (var actor in _restless)
            {
                actor.Tell(new ComeToRest(suspend.Id, isTimeOver), _self);
            }
        }

        if (areAtRest && _restless.Count == 0)
        {
            _suspend = null;
            Timers.Cancel(LookForRest.Instance);
            _suspendedBy.Tell(new LoopSuspended(suspend.Id), _self);
        }
    }

    private sealed class LookForRest : INoSerializationVerificationNeeded
    {
        public static readonly LookForRest Instance = new();
    }
}
