using System.Diagnostics;
using Pooler.Testing.Fuzzing;
using Pooler.Testing.Simulation;

namespace Pooler.Actors.Tests.Simulation;

/// <summary>
/// Recorded conversations of psql, pgbench, Npgsql and psycopg, changed in every way, said to the relay and to a simulated pooler by clients and by servers: seeds that have shown
/// something before, and then fresh ones for a while. A failure's message has the seed; <see cref="One_seed"/> and <c>eng/fuzz --replay</c> play that one again.
/// </summary>
public sealed class FuzzTests
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(10);

    /// <summary>Seeds of runs that once failed.</summary>
    private static readonly int[] Remembered = [5, 108, 332];

    [Fact]
    public void Nothing_that_is_said_makes_an_actor_throw_or_reaches_somebody_else()
    {
        var clock = Stopwatch.StartNew();
        var sum = FuzzedResult.None;
        var failure = SimulatedRuns.Play(
            Remembered.Concat(SimulatedRuns.Fresh()),
            seed => FuzzedRun.Play(seed),
            () => sum.Runs < Remembered.Length || clock.Elapsed < Budget,
            (_, result) => sum += result);
        Assert.True(failure is null, failure?.Message);
        Assert.True(sum is { Exchanges: > 0, Received: > 0, Said: > 0, Transactions: > 0 }, $"{sum}");
    }

    /// <summary>Put the seed of a failure here to see it with its log.</summary>
    [Theory]
    [InlineData(1)]
    public void One_seed(int seed) => Assert.Equal(FuzzedRun.Play(seed), FuzzedRun.Play(seed, keepsLog: true));

    /// <summary>What is changed is what was recorded; without a change most of it must come through.</summary>
    [Fact]
    public void The_recordings_have_every_message_that_drivers_send()
    {
        var types = Conversation.All.SelectMany(conversation => Mutator.Split(conversation.Client)).Select(message => (char)message[0]).Distinct().Order();
        Assert.Equal("BCDEHPQSXcdf", string.Concat(types));
        var answers = Conversation.All.SelectMany(conversation => Mutator.Split(conversation.Server)).Select(message => (char)message[0]).Distinct().Order();
        Assert.Equal("123ACDEGHNSTZcdnt", string.Concat(answers));
    }
}
