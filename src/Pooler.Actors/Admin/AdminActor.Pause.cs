using Akka.Actor;
using Pooler.Actors.Logging;
using Pooler.Actors.Wire;
using Serilog.Events;

namespace Pooler.Actors.Admin;

/// <content>Commands that the pools carry out and that may wait, and Ctrl-C.</content>
internal sealed partial class AdminActor
{
    private readonly PendingPoolCommands _poolCommands = new();

    public void Pause(long call, string? database)
    {
        if (database is null)
            State = PauseState.Paused;

        long id = ++_lastId;
        _poolCommands.Add(new PendingPoolCommand(id, call, PendingPoolCommand.Pause, database, MayWait: true));
        _neighbours.Pools.Tell(new PausePools(id, database), Self);
        Reply(call, ConsoleReply.Waits);
    }

    public void Resume(long call, string? database)
    {
        if (database is null)
            State = PauseState.Active;

        long id = ++_lastId;
        _poolCommands.Add(new PendingPoolCommand(id, call, PendingPoolCommand.Resume, database));
        _neighbours.Pools.Tell(new ResumePools(id, database), Self);
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
        if (!_poolCommands.TryTake(id, out PendingPoolCommand command))
            return;

        if (failure is not null)
        {
            // A refused pause of everything does not hold, a refused resume has not ended it.
            if (command.IsGlobalPauseOrResume && !IsShuttingDown)
                State = command.IsPause ? PauseState.Active : PauseState.Paused;
            Reply(command.Call, ConsoleReply.Error(failure));
            return;
        }

        if (command.IsResume)
        {
            foreach (PendingPoolCommand pause in _poolCommands.TakePauses(command.Database, command.Id))
                Reply(pause.Call, Interrupted("PAUSE was ended by RESUME before it was complete"));
        }

        Reply(command.Call, ConsoleReply.Done(command.Tag));
    }

    // Ctrl-C on a console means: let everything go on.
    private void Cancel(IActorRef session)
    {
        IReadOnlySet<long> calls = _sessions.CallsOf(session);
        if (calls.Count == 0)
            _log.Line(LogEventLevel.Warning, "admin cancel request for non-waiting client?");
        if (IsShuttingDown)
            return;

        if (State == PauseState.Paused)
            Resume(0, null);

        foreach (PendingPoolCommand command in _poolCommands.Take(calls))
        {
            Reply(command.Call, Interrupted(command.IsPause && command.Database is not null
                ? $"stopped waiting for PAUSE; database \"{command.Database}\" stays paused until RESUME"
                : command.Tag + " was cancelled"));
        }
    }

    private static ConsoleReply Interrupted(string text) => ConsoleReply.Error(text) with { SqlState = SqlStates.QueryCanceled };
}
