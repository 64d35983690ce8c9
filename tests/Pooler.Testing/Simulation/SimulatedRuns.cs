namespace Pooler.Testing.Simulation;

/// <summary>Plays runs of many seeds on all cores, until enough has been done or one has failed.</summary>
internal static class SimulatedRuns
{
    /// <param name="seeds">Seeds to play, as long as there are any and <paramref name="goesOn"/> says so.</param>
    /// <param name="play">Plays one.</param>
    /// <param name="goesOn">Asked before each run; one thread at a time.</param>
    /// <param name="ended">Told of each run; one thread at a time.</param>
    /// <returns>The first failure; null: none.</returns>
    internal static Exception? Play<TResult>(IEnumerable<int> seeds, Func<int, TResult> play, Func<bool> goesOn, Action<int, TResult> ended)
    {
        Exception? failure = null;
        var gate = new Lock();
        using var left = seeds.GetEnumerator();
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(Work)).ToArray();
        foreach (var thread in threads)
        {
            thread.Start();
        }

        foreach (var thread in threads)
        {
            thread.Join();
        }

        return failure;

        void Work()
        {
            while (TryTake(out var seed))
            {
                try
                {
                    var result = play(seed);
                    lock (gate)
                    {
                        ended(seed, result);
                    }
                }
                catch (Exception exception)
                {
                    lock (gate)
                    {
                        failure ??= exception as SimulationFailedException ?? new SimulationFailedException($"seed {seed}: {exception}");
                    }
                }
            }
        }

        bool TryTake(out int seed)
        {
            lock (gate)
            {
                seed = 0;
                if (failure is not null || !goesOn() || !left.MoveNext())
                {
                    return false;
                }

                seed = left.Current;
                return true;
            }
        }
    }

    /// <summary>Seeds that differ from those of every other time.</summary>
    internal static IEnumerable<int> Fresh()
    {
        for (var seed = Random.Shared.Next(int.MaxValue - 10_000_000); ; seed++)
        {
            yield return seed;
        }
    }
}
