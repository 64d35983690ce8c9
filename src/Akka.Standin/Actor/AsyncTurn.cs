using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Brings the continuations of an actor's awaiting handler back to the actor's turn.</summary>
internal sealed class AsyncTurn(ActorCell cell) : SynchronizationContext
{
    private int _tasks;

    public override void Post(SendOrPostCallback d, object? state) => cell.PostSystem(new RunContinuation(this, d, state));

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("An actor cannot be called synchronously.");

    public override SynchronizationContext CreateCopy() => this;

    internal Task Enter(Func<Task> action)
    {
        SynchronizationContext? outer = Current;
        SetSynchronizationContext(this);
        try
        {
            return action();
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }

    internal void Enter(SendOrPostCallback callback, object? state)
    {
        SynchronizationContext? outer = Current;
        SetSynchronizationContext(this);
        try
        {
            callback(state);
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }

    internal void Await(Task task)
    {
        _tasks++;
        task.ContinueWith(
            done => cell.PostSystem(new EndAsyncTurn(this, FailureOf(done))),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>Counts a finished task; the turn ends with the last one or with the first that failed.</summary>
    internal bool IsLast(Exception? failure) => --_tasks == 0 || failure is not null;

    private static Exception? FailureOf(Task task) =>
        task.IsCanceled ? new TaskCanceledException(task) : task.Exception is { } all ? all.InnerExceptions.Count == 1 ? all.InnerException : all : null;
}
