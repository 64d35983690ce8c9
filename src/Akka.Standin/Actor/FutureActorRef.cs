namespace Akka.Actor;

/// <summary>The sender of an Ask: the first answer completes the task, all later ones are dead letters.</summary>
internal sealed class FutureActorRef<T> : MinimalActorRef
{
    private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DeadLetterActorRef? _deadLetters;

    internal FutureActorRef(ActorPath path, DeadLetterActorRef? deadLetters)
    {
        Path = path;
        _deadLetters = deadLetters;
    }

    public override ActorPath Path { get; }

    internal Task<T> Task => _result.Task;

    internal void Fail(Exception cause) => _result.TrySetException(cause);

    internal void Cancel(CancellationToken token) => _result.TrySetCanceled(token);

    protected override void TellInternal(object message, IActorRef sender)
    {
        bool first = message switch
        {
            T answer => _result.TrySetResult(answer),
            Status.Failure failure => _result.TrySetException(failure.Cause ?? new TaskCanceledException("The actor answered with a failure.")),
            _ => _result.TrySetException(
                new ArgumentException($"Received message of type [{message.GetType()}] - Ask expected message of type [{typeof(T)}]")),
        };
        if (!first)
        {
            _deadLetters?.Deliver(message, sender, this);
        }
    }
}
