using Akka.Actor;

namespace Pooler.Actors.Admin;

/// <content>
/// SUSPEND: first nobody is let in, then every client comes to rest, then every server. The loops are asked for their clients twice, because a client that
/// was let in just before may have been on its way from one loop to another the first time.
/// </content>
internal sealed partial class AdminActor
{
    private static readonly SuspendStep[] Steps = [SuspendStep.Clients, SuspendStep.Clients, SuspendStep.Servers];

    private Suspension? _suspension;

    public void Suspend(long call)
    {
        State = PauseState.Suspended;
        _suspension = new Suspension(call) { Id = ++_lastId };
        _neighbours.Pools.Tell(new CommandPools(_suspension.Id, PoolCommandKind.Suspend, null), Self);
        Reply(call, ConsoleReply.Waits);
    }

    /// <summary>The registry's answer, if it is one for SUSPEND.</summary>
    private bool TryBeginSuspension(long id, string? failure)
    {
        if (_suspension is not { } suspension || suspension.Id != id)
            return false;

        if (failure is null)
        {
            suspension.Id = ++_lastId;
            _neighbours.Listeners.Tell(new PauseListeners(suspension.Id), Self);
        }
        else
        {
            _suspension = null;
            State = PauseState.Active;
            Reply(suspension.Call, ConsoleReply.Error(failure));
        }

        return true;
    }

    private void OnListenersPaused(long id)
    {
        if (_suspension?.Id == id)
            NextStep(_suspension);
    }

    private void OnLoopSuspended(long id)
    {
        if (_suspension is { } suspension && suspension.Id == id && --suspension.LoopsAwaited == 0)
            NextStep(suspension);
    }

    private void NextStep(Suspension suspension)
    {
        if (suspension.StepsBegun == Steps.Length)
        {
            suspension.Id = 0;
            Reply(suspension.Call, ConsoleReply.Done("SUSPEND"));
            return;
        }

        suspension.Id = ++_lastId;
        suspension.LoopsAwaited = _neighbours.Loops.Length;
        var order = new SuspendLoop(suspension.Id, Steps[suspension.StepsBegun++]);
        foreach (IActorRef loop in _neighbours.Loops)
            loop.Tell(order, Self);
    }

    /// <summary>Lets everything go on, whatever step was reached. Who still waits for SUSPEND gets <paramref name="interruption"/>.</summary>
    private void EndSuspension(string interruption)
    {
        if (_suspension is not { } suspension)
            return;

        _suspension = null;
        State = PauseState.Active;
        foreach (IActorRef loop in _neighbours.Loops)
            loop.Tell(ResumeLoop.Instance, Self);
        _neighbours.Listeners.Tell(ResumeListeners.Instance, Self);

        // Nobody waits any more if it was complete.
        Reply(suspension.Call, Interrupted(interruption));
    }

    private void ResumeIfNobodyIsLeft()
    {
        if (State == PauseState.Suspended && !_sessions.All.Any())
        {
            Log("admin disappeared when suspended, doing RESUME");
            EndSuspension("");
        }
    }

    private sealed class Suspension(long call)
    {
        /// <summary>The console call that waits for it.</summary>
        public long Call { get; } = call;

        /// <summary>The number of the question under way; 0: it is complete.</summary>
        public long Id { get; set; }

        public int StepsBegun { get; set; }

        /// <summary>How many loops have not ended the step.</summary>
        public int LoopsAwaited { get; set; }
    }
}
