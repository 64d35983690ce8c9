using System.Collections.Concurrent;
using Akka.Dispatch;

namespace Pooler.Benchmarks.Standin;

internal sealed class ThreadExecutor : ExecutorService
{
    private readonly BlockingCollection<IRunnable> _queue = [];

    public ThreadExecutor(string id)
        : base(id)
    {
        new Thread(Run) { IsBackground = true, Name = id }.Start();
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
