using System.Collections.Concurrent;
using System.Net;
using Pooler.Actors.Transport;

namespace Pooler.Actors.Tests.Transport;

/// <summary>A set of epoll loops for one test, and short ways to run something on a loop and to wait for a condition.</summary>
internal sealed class LoopFixture : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly string _directory = Directory.CreateTempSubdirectory("pooler-transport-").FullName;

    internal LoopFixture(int loops = 1, TimeProvider? time = null, DescriptorBudget? descriptors = null)
    {
        Loops = LoopSet.StartEpoll($"test-{Guid.NewGuid():N}", loops, 4096, time, (_, exception) => Failures.Enqueue(exception), descriptors);
    }

    internal LoopSet Loops { get; }

    internal ConcurrentQueue<Exception> Failures { get; } = new();

    internal string UnixPath => Path.Combine(_directory, ".s.PGSQL.6432");

    /// <summary>Runs a function on a loop's thread and gives what it returns.</summary>
    internal T On<T>(Func<T> function, int loop = 0)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Loops[loop].Execute(new Work(() =>
        {
            try
            {
                done.SetResult(function());
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        }));
        return Wait(done.Task);
    }

    internal void On(Action action, int loop = 0) => On(
        () =>
        {
            action();
            return true;
        },
        loop);

    /// <summary>Listens on loop 0.</summary>
    internal Listener Listen(ListenTarget target, IAcceptor acceptor, int loop = 0) => On(
        () => Loops[loop].TryListen(target, acceptor, out var listener, out var error) ? listener! : throw new IOException(error),
        loop);

    internal static ListenTarget.Tcp AnyPort(IPAddress? address = null) => new(address ?? IPAddress.Loopback, 0, false, false);

    internal static T Wait<T>(Task<T> task)
    {
        Assert.True(SpinWait.SpinUntil(() => task.IsCompleted, Patience), "Timed out.");
        return task.GetAwaiter().GetResult();
    }

    internal static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, Patience), "Timed out.");

    public void Dispose()
    {
        Loops.Dispose();
        Directory.Delete(_directory, true);
    }

    internal sealed class Work(Action action) : IThreadPoolWorkItem
    {
        public void Execute() => action();
    }
}
