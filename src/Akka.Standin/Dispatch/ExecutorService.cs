namespace Akka.Dispatch;

/// <summary>Runs what a dispatcher gives it, on threads of its choice, each mailbox on one thread at a time.</summary>
public abstract class ExecutorService
{
    protected ExecutorService(string id)
    {
        Id = id;
    }

    /// <summary>The id of the dispatcher that it belongs to.</summary>
    public string Id { get; }

    /// <summary>Queues the work and returns. Any thread may call it.</summary>
    public abstract void Execute(IRunnable run);

    /// <summary>Called once, when the actor system has stopped.</summary>
    public abstract void Shutdown();
}
