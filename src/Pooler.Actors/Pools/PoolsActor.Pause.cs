using Pooler.Actors.Admin;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Pools;

/// <content>PAUSE and RESUME over all pools, and who waits for an answer of theirs.</content>
internal sealed partial class PoolsActor
{
    private readonly PauseHolders _pauses = new();
    private readonly AwaitedPools _awaited = new();

    private void OnPause(PausePools pause)
    {
        if (pause.Database is not null && !TryRegister(pause.Database))
        {
            Sender.Tell(new PoolCommandFailed(pause.Id, PoolerErrors.NoSuchDatabaseOnConsole(pause.Database)), _self);
            return;
        }

        _pauses.Add(Sender, pause.Id, pause.Database);
        var awaited = _awaited.Add(pause.Id, Sender, new AwaitedPools.PauseScope(pause.Database));
        TellPools(pause.Database, new PausePool(awaited.Ticket), awaited);
        AnswerDone();
    }

    private void OnResume(ResumePools resume)
    {
        if (resume.Database is not null && !IsRegistered(resume.Database))
        {
            Sender.Tell(new PoolCommandFailed(resume.Id, PoolerErrors.NoSuchDatabaseOnConsole(resume.Database)), _self);
            return;
        }

        if (!_pauses.Release(resume.Database) && resume.Database is not null)
        {
            Sender.Tell(new PoolCommandFailed(resume.Id, PoolerErrors.DatabaseNotPaused(resume.Database)), _self);
            return;
        }

        // A pause that has not come to its end is over with this; who waits for it has been told by the console.
        _awaited.ForgetPauses(resume.Database);
        ResumeUnpaused();
        Sender.Tell(new PoolCommandCompleted(resume.Id), _self);
    }

    private void OnWithdraw(WithdrawPause withdraw)
    {
        _awaited.Forget(withdraw.Id, Sender);
        if (_pauses.Withdraw(Sender, withdraw.Id, withdraw.Database))
        {
            ResumeUnpaused();
        }
    }

    private void ResumeUnpaused()
    {
        // What KILL took away comes back with the end of the pause, if it is to be there without a client.
        OpenForcedPools();
        foreach (var (key, entry) in _pools)
        {
            if (!_pauses.IsPaused(key.Database))
            {
                entry.Actor.Tell(ResumePool.Instance, _self);
            }
        }
    }

    private void AnswerDone()
    {
        while (_awaited.TryTakeDone(out var done))
        {
            done.ReplyTo.Tell(new PoolCommandCompleted(done.Id), _self);
        }
    }
}
