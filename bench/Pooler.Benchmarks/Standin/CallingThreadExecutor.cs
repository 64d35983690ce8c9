using System.Collections.Concurrent;
using Akka.Dispatch;

namespace Pooler.Benchmarks.Standin;

/// <summary>Runs mailboxes on the one thread that calls <see cref="Drain"/>.</summary>
internal sealed class CallingThreadExecutor(string id) : ExecutorService(id)
{
    private static readonly Queue<IRunnable> Local = new();
    private static readonly ConcurrentQueue<IRunnable> Remote = new();

    [ThreadStatic]
    private static bool _isOwner;

    /// <summary>Runs what is ready until nothing is.</summary>
    public static void Drain()
    {
        _isOwner = true;
        while (Local.TryDequeue(out IRunnable? run) || Remote.TryDequeue(out run))
        {
            run.Run();
        }
    }

    /// <summary>Drains until the task has ended.</summary>
    public static async Task DrainUntilAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            Drain();
        }

        await task;
    }

    public override void Execute(IRunnable run)
    {
        if (_isOwner)
        {
            Local.Enqueue(run);
        }
        else
        {
            Remote.Enqueue(run);
        }
    }

    public override void Shutdown()
    {
    }
}
