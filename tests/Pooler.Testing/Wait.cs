using System.Diagnostics;

namespace Pooler.Testing;

/// <summary>Waits for conditions of other processes by looking again and again until a deadline, so that no test sleeps for a guessed time.</summary>
public static class Wait
{
    /// <summary>How long a condition may take before the test fails; generous, since it only costs time when something is wrong.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);

    /// <summary>Returns as soon as <paramref name="condition"/> holds; throws <see cref="TimeoutException"/> with <paramref name="what"/> otherwise.</summary>
    public static Task UntilAsync(Func<bool> condition, string what, TimeSpan? timeout = null) =>
        UntilAsync(() => Task.FromResult(condition()), what, timeout);

    /// <summary>The same for a condition that has to ask somebody.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what, TimeSpan? timeout = null)
    {
        TimeSpan limit = timeout ?? DefaultTimeout;
        long start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                throw new TimeoutException($"after {limit.TotalSeconds:0.#} s still not: {what}");
            }

            await Task.Delay(Pause);
        }
    }
}
