using System.Diagnostics;
using System.Globalization;
using Pooler.Testing.Simulation;

namespace Simulate;

/// <summary>Plays runs until enough has been done or one has failed, and says how far it is.</summary>
internal sealed class LongRun
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _nextReport = TimeSpan.FromSeconds(5);
    private int _runs;

    /// <param name="first">The first seed; null: one that nobody has seen.</param>
    /// <param name="wanted">How much is to be done.</param>
    /// <param name="play">Plays the run of a seed.</param>
    /// <param name="add">Adds its result up; gives how much has been done.</param>
    /// <param name="unit">Of what.</param>
    internal int Play<TResult>(long? first, long wanted, Func<int, TResult> play, Func<TResult, long> add, string unit)
    {
        var seeds = first is { } start ? Enumerable.Range((int)start, int.MaxValue - (int)start) : SimulatedRuns.Fresh();
        var done = 0L;
        var failure = SimulatedRuns.Play(seeds, play, () => done < wanted, (seed, result) =>
        {
            if (_runs++ == 0)
            {
                Console.WriteLine($"The first seed is about {seed}.");
            }

            done = add(result);
            if (_clock.Elapsed > _nextReport)
            {
                _nextReport = _clock.Elapsed + TimeSpan.FromSeconds(5);
                Report(done, unit);
            }
        });
        Report(done, unit);
        if (failure is null)
        {
            return 0;
        }

        Console.WriteLine(failure.Message);
        Console.WriteLine("The same command with --replay SEED plays this run again, with its log.");
        return 1;
    }

    /// <summary>Plays one run again.</summary>
    internal static int Replay<TResult>(Func<TResult> play)
    {
        try
        {
            Console.WriteLine(play());
            return 0;
        }
        catch (SimulationFailedException failure)
        {
            Console.WriteLine(failure.Message);
            return 1;
        }
    }

    private void Report(long done, string unit) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{_clock.Elapsed.TotalSeconds,7:F0} s  {_runs,6} runs  {done,10} {unit}  {done / _clock.Elapsed.TotalSeconds,8:F0}/s"));
}
