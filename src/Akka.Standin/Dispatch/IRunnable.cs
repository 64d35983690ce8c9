namespace Akka.Dispatch;

/// <summary>Work for an executor. The mailbox of an actor is one.</summary>
public interface IRunnable : IThreadPoolWorkItem
{
    public void Run();
}
