using System.Globalization;
using Akka.Actor;
using Pooler.Actors.Logging;
using Pooler.Actors.Wire;
using Serilog.Events;

namespace Pooler.Actors.Admin;

/// <content>Commands that the pools carry out and that may wait, and Ctrl-C.</content>
internal sealed partial class AdminActor
{
    private readonly PendingPoolCommands _poolCommands = new();

    public void Pause(long call, string? database, TimeSpan? limit)
    {
        if (database is null)
            State = PauseState.Paused;

        long id = ++_lastId;
        _poolCommands.Add(new PendingPoolCommand(id, call, PendingPoolCommand.Pause, database, MayWait: true));
        _neighbours.Pools.Tell(new PausePools(id, database), Self);
        if (limit is { } bound)
            Timers.StartSingleTimer(id, new PauseTimedOut(id, bound), bound);
        Reply(call, ConsoleReply.Waits);
    }

    public void Resume(long call, string? database)
    {
        if (database is null && State == PauseState.Suspended)
        {
            EndSuspension("SUSPEND was ended by RESUME before it was complete");
            Reply(call, ConsoleReply.Done(PendingPoolCommand.Resume));
            return;
        }

        long id = ++_lastId;
        _poolCommands.Add(new PendingPoolCommand(id, call, PendingPoolCommand.Resume, database));
        _neighbours.Pools.Tell(new ResumePools(id, database), Self);
        if (database is null)
        {
            // Now, not with the answer, which cannot be a refusal: the limit of a pause that is over must not take back what is ordered from here on.
            State = PauseState.Active;
            EndPauses(null, id);
        }
    }

    public void CommandPools(long call, PoolCommandKind kind, string tag, string? database, bool mayWait)
    {
        long id = ++_lastId;
        _poolCommands.Add(new PendingPoolCommand(id, call, tag, database, mayWait));
        _neighbours.Pools.Tell(new CommandPools(id, kind, database), Self);
        if (mayWait)
            Reply(call, ConsoleReply.Waits);
    }

    private void Complete(long id, string? failure)
    {
        if (TryBeginSuspension(id, failure) || !_poolCommands.TryTake(id, out PendingPoolCommand command))
            return;

        Timers.Cancel(id);
        if (failure is not null)
        {
            // A refused pause of everything does not hold, a refused resume has not ended it.
            if (command.IsGlobalPauseOrResume && !IsShuttingDown)
                State = command.IsPause ? PauseState.Active : PauseState.Paused;
            Reply(command.Call, ConsoleReply.Error(failure));
            return;
        }

        if (command.IsResume)
            EndPauses(command.Database, command.Id);

        Reply(command.Call, ConsoleReply.Done(command.Tag));
    }

    // Who waits for a pause of this scope from before that resume hears that it is over.
    private void EndPauses(string? database, long resume)
    {
        foreach (PendingPoolCommand pause in _poolCommands.TakePauses(database, resume))
        {
            Timers.Cancel(pause.Id);
            Reply(pause.Call, Interrupted("PAUSE was ended by RESUME before it was complete"));
        }
    }

    // Takes back what this pause has paused, and nothing that others have.
    private void OnPauseTimedOut(PauseTimedOut timeout)
    {
        if (!_poolCommands.TryTake(timeout.Id, out PendingPoolCommand pause))
            return;

        _neighbours.Pools.Tell(new WithdrawPause(pause.Id, pause.Database), Self);
        if (pause.Database is null && !IsShuttingDown)
            State = PauseState.Active;
        string name = pause.Database is null ? "PAUSE" : $"PAUSE '{pause.Database}'";
        string text = string.Create(
            CultureInfo.InvariantCulture, $"{name} was not complete after {timeout.Limit.TotalSeconds} seconds and is taken back");
        _log.Line(LogEventLevel.Warning, text);
        Reply(pause.Call, Interrupted(text));
    }

    // Ctrl-C on a console means: let everything go on.
    private void Cancel(IActorRef session)
    {
        IReadOnlySet<long> calls = _sessions.CallsOf(session);
        if (calls.Count == 0)
            _log.Line(LogEventLevel.Warning, "admin cancel request for non-waiting client?");
        if (IsShuttingDown)
            return;

        foreach (PendingPoolCommand command in _poolCommands.Take(calls))
        {
            Timers.Cancel(command.Id);
            Reply(command.Call, Interrupted(command.IsPause && command.Database is not null
                ? $"stopped waiting for PAUSE; database \"{command.Database}\" stays paused until RESUME"
                : command.Tag + " was cancelled"));
        }

        // Last: it tells those of other sessions who wait for a pause.
        if (State == PauseState.Suspended)
            EndSuspension("SUSPEND was cancelled");
        else if (State == PauseState.Paused)
            Resume(0, null);
    }

    private static ConsoleReply Interrupted(string text) => ConsoleReply.Error(text) with { SqlState = SqlStates.QueryCanceled };
}
