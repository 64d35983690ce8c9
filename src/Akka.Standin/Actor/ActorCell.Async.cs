namespace Akka.Actor;

/// <content>Handlers that await. User messages wait until such a handler is through; its continuations run on the actor's turn.</content>
internal sealed partial class ActorCell
{
    /// <summary>Runs the handler up to its first real wait. An exception before that passes through.</summary>
    internal void RunTask(Func<Task> action)
    {
        AsyncTurn turn = _extras?.AsyncTurn ?? new AsyncTurn(this);
        Task task = turn.Enter(action);
        if (task.IsCompleted)
        {
            task.GetAwaiter().GetResult();
            return;
        }

        if (_extras?.AsyncTurn is null)
        {
            Extras.AsyncTurn = turn;
            _suspensions++;
            _state |= CellState.KeepsInHand;
        }

        turn.Await(task);
    }

    internal void ReceiveContinuation(AsyncTurn turn, SendOrPostCallback callback, object? state)
    {
        if (ReferenceEquals(_extras?.AsyncTurn, turn))
        {
            turn.Enter(callback, state);
        }
    }

    internal void ReceiveEndOfAsyncTurn(AsyncTurn turn, Exception? failure)
    {
        if (!ReferenceEquals(_extras?.AsyncTurn, turn) || !turn.IsLast(failure))
        {
            return;
        }

        _extras!.AsyncTurn = null;
        EndSuspension();
        if (failure is not null)
        {
            HandleInvokeFailure(failure, null);
        }
        else if ((_state & CellState.Failed) == 0)
        {
            ClearFailure();
        }
    }

    /// <summary>The instance goes: what it awaits concerns nobody any more.</summary>
    private void AbandonAsyncTurn()
    {
        if (_extras is { AsyncTurn: not null } extras)
        {
            extras.AsyncTurn = null;
            EndSuspension();
        }
    }
}
