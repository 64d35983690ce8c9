namespace Akka.Actor;

/// <summary>Asking an actor from outside: a message and a task for its answer.</summary>
public static class Futures
{
    private static long _asks;

    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<object>(message, timeout, CancellationToken.None);

    public static Task<object> Ask(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<object>(message, null, cancellationToken);

    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        self.Ask<object>(message, timeout, cancellationToken);

    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) => self.Ask<T>(message, timeout, CancellationToken.None);

    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) => self.Ask<T>(message, null, cancellationToken);

    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        self.Ask<T>(_ => message, timeout, cancellationToken);

    /// <param name="self">Who is asked.</param>
    /// <param name="messageFactory">Makes the message from the reference that awaits the answer.</param>
    /// <param name="timeout">Null: akka.actor.ask-timeout.</param>
    /// <param name="cancellationToken">Cancels the task, not the actor's work.</param>
    public static Task<T> Ask<T>(this ICanTell self, Func<IActorRef, object> messageFactory, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(self);
        ArgumentNullException.ThrowIfNull(messageFactory);
        ActorSystemImpl? system = SystemOf(self);
        ActorPath parent = system?.TempPath ?? ActorSystemImpl.DetachedTempPath;
        FutureActorRef<T> future = new(new ChildActorPath(parent, $"ask-{Interlocked.Increment(ref _asks)}", 0), system?.DeadLetterRef);
        if (cancellationToken.IsCancellationRequested)
        {
            future.Cancel(cancellationToken);
            return future.Task;
        }

        TimeSpan limit = timeout ?? system?.Settings.AskTimeout ?? Timeout.InfiniteTimeSpan;
        if (limit != Timeout.InfiniteTimeSpan && limit != TimeSpan.MaxValue)
        {
            WatchTimeout(future, system, self, limit);
        }

        if (cancellationToken.CanBeCanceled)
        {
            CancellationTokenRegistration registration = cancellationToken.UnsafeRegister((_, token) => future.Cancel(token), null);
            future.Task.ContinueWith(
                _ => registration.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        self.Tell(messageFactory(future), future);
        return future.Task;
    }

    private static ActorSystemImpl? SystemOf(ICanTell self) => self switch
    {
        LocalActorRef { IsNoActor: false } local => local.Cell.System,
        ActorSelection { Anchor: LocalActorRef anchor } => anchor.Cell.System,
        _ => ActorCell.Current?.System,
    };

    private static void WatchTimeout<T>(FutureActorRef<T> future, ActorSystemImpl? system, ICanTell self, TimeSpan limit)
    {
        void TimeOut() => future.Fail(new AskTimeoutException($"Timeout after {limit} seconds. Asked: {self}"));
        if (system is null)
        {
            CancellationTokenSource source = new(limit);
            source.Token.UnsafeRegister(_ => TimeOut(), null);
            future.Task.ContinueWith(_ => source.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return;
        }

        Cancelable cancelable = new(system.Scheduler);
        system.Scheduler.Advanced.ScheduleOnce(limit, TimeOut, cancelable);
        future.Task.ContinueWith(_ => cancelable.Cancel(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
