using Akka.Actor;
using Pooler.Actors.Admin;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Pools;

/// <content>PAUSE and RESUME over all pools.</content>
internal sealed partial class PoolsActor
{
    private readonly HashSet<string> _pausedDatabases = [];
    private readonly List<PendingPause> _pauses = [];
    private bool _isPaused;

    private void OnPause(PausePools pause)
    {
        if (pause.Database is null)
        {
            _isPaused = true;
        }
        else if (!TryRegister(pause.Database))
        {
            Sender.Tell(new PoolCommandFailed(pause.Id, PoolerErrors.NoSuchDatabaseOnConsole(pause.Database)), _self);
            return;
        }
        else
        {
            _pausedDatabases.Add(pause.Database);
        }

        var pending = new PendingPause(pause, Sender, []);
        foreach (var (key, entry) in _pools)
        {
            if (pause.Database is null || key.Database == pause.Database)
            {
                pending.Pools.Add(entry.Actor);
                entry.Actor.Tell(PausePool.Instance, _self);
            }
        }

        _pauses.Add(pending);
        CompletePauses();
    }

    private void OnResume(ResumePools resume)
    {
        if (resume.Database is null)
        {
            _isPaused = false;
        }
        else if (!_settings.TryGetDatabase(resume.Database, out _))
        {
            Sender.Tell(new PoolCommandFailed(resume.Id, PoolerErrors.NoSuchDatabaseOnConsole(resume.Database)), _self);
            return;
        }
        else if (!_pausedDatabases.Remove(resume.Database))
        {
            Sender.Tell(new PoolCommandFailed(resume.Id, PoolerErrors.DatabaseNotPaused(resume.Database)), _self);
            return;
        }

        // A pause that has not come to its end is over with this; who waits for it has been told by the console.
        _pauses.RemoveAll(pending => pending.Command.Database == resume.Database);
        foreach (var (key, entry) in _pools)
        {
            if (!_isPaused && !_pausedDatabases.Contains(key.Database))
            {
                entry.Actor.Tell(ResumePool.Instance, _self);
            }
        }

        Sender.Tell(new PoolCommandCompleted(resume.Id), _self);
    }

    private void OnPoolPaused(IActorRef pool)
    {
        foreach (var pending in _pauses)
        {
            pending.Pools.Remove(pool);
        }

        CompletePauses();
    }

    private void CompletePauses()
    {
        for (var i = 0; i < _pauses.Count;)
        {
            var pending = _pauses[i];
            if (pending.Pools.Count > 0)
            {
                i++;
                continue;
            }

            _pauses.RemoveAt(i);
            pending.ReplyTo.Tell(new PoolCommandCompleted(pending.Command.Id), _self);
        }
    }

    private sealed record PendingPause(PausePools Command, IActorRef ReplyTo, HashSet<IActorRef> Pools);
}
