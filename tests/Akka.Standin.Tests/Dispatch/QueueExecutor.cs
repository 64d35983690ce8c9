using System.Collections.Concurrent;
using Akka.Dispatch;

namespace Akka.Standin.Tests.Dispatch;

/// <summary>One thread that runs mailboxes in the order they became ready.</summary>
public sealed class QueueExecutor : ExecutorService
{
    private readonly BlockingCollection<IRunnable> _queue = [];

    public QueueExecutor(string id, string threadName)
        : base(id)
    {
        Thread thread = new(Run) { Name = threadName, IsBackground = true };
        thread.Start();
    }

    public override void Execute(IRunnable run) => _queue.Add(run);

    public override void Shutdown() => _queue.CompleteAdding();

    private void Run()
    {
        foreach (IRunnable run in _queue.GetConsumingEnumerable())
        {
            run.Run();
        }
    }
}
