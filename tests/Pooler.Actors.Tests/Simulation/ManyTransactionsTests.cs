using System.Diagnostics;
using Pooler.Testing.Simulation;

namespace Pooler.Actors.Tests.Simulation;

/// <summary>
/// Transactions over many seeds, with everything that clients, servers, operators and the network can do to a pooler: seeds that have shown something before, and then
/// fresh ones for a while. A failure's message has the seed; <see cref="One_seed"/> and <c>eng/simulate --replay</c> play that one again. How many transactions fit into the
/// time is the machine's affair; <c>eng/simulate</c> does a million.
/// </summary>
public sealed class ManyTransactionsTests
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(20);

    /// <summary>Seeds of runs that once failed.</summary>
    private static readonly int[] Remembered = [2, 1000, 1075, 1081, 204489121];

    [Fact]
    public void Every_client_receives_exactly_its_own_bytes()
    {
        var clock = Stopwatch.StartNew();
        var sum = SimulatedResult.None;
        var runs = 0;
        var failure = SimulatedRuns.Play(
            Remembered.Concat(SimulatedRuns.Fresh()),
            seed => SimulatedRun.Play(seed),
            () => runs < Remembered.Length || clock.Elapsed < Budget,
            (_, result) =>
            {
                runs++;
                sum += result;
            });
        Assert.True(failure is null, failure?.Message);
        Assert.True(sum is { Transactions: > 0, Cancelled: > 0, Interruptions: > 0, Commands: > 0, TableChanges: > 0, CutOff: > 0 }, $"{sum}");
    }

    /// <summary>Put the seed of a failure here to see it with its log.</summary>
    [Theory]
    [InlineData(1)]
    public void One_seed(int seed) => Assert.True(SimulatedRun.Play(seed, keepsLog: true).Transactions > 0);

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void A_seed_gives_the_same_run_again_byte_by_byte(int seed) => Assert.Equal(SimulatedRun.Play(seed), SimulatedRun.Play(seed, keepsLog: true));

    /// <summary>
    /// One wrong bit among all that the server says is found, and found again from its seed in the same way. One that a client did not live to see is none.
    /// </summary>
    [Fact]
    public void A_wrong_byte_is_found_and_a_failure_happens_again_byte_by_byte()
    {
        const int Seed = 3;
        string[] first = [.. Enumerable.Range(1, 5).Select(Outcome)];
        string[] second = [.. Enumerable.Range(1, 5).Select(Outcome)];
        Assert.Equal(first, second);
        Assert.InRange(first.Count(outcome => outcome.StartsWith($"seed {Seed}, ", StringComparison.Ordinal)), 3, 5);

        static string Outcome(int spoiled)
        {
            try
            {
                return $"{SimulatedRun.Play(Seed, spoiledAnswer: spoiled * 40)}";
            }
            catch (SimulationFailedException failure)
            {
                return failure.Message;
            }
        }
    }
}
