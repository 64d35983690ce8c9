using System.Collections.Concurrent;
using Pooler.Actors.Transport.Simulation;
using Pooler.Testing.Simulation;

namespace Pooler.Actors.Tests.Simulation;

/// <summary>
/// At least 200,000 transactions over many seeds, with everything that clients, servers and the network can do to a pooler. A failure's message
/// has the seed; <see cref="One_seed"/> plays that one again.
/// </summary>
public sealed class ManyTransactionsTests
{
    private const int Transactions = 200_000;
    private const int Clients = 32;
    private const int Rounds = 40;

    [Fact]
    public void Every_client_receives_exactly_its_own_bytes()
    {
        var failures = new ConcurrentQueue<Exception>();
        var done = 0L;
        var lastSeed = 0;
        Parallel.For(0, Environment.ProcessorCount, _ =>
        {
            while (Interlocked.Read(ref done) < Transactions && failures.IsEmpty)
            {
                try
                {
                    Interlocked.Add(ref done, Play(Interlocked.Increment(ref lastSeed), keepsLog: false).Transactions);
                }
                catch (SimulationFailedException failure)
                {
                    failures.Enqueue(failure);
                }
            }
        });
        Assert.True(failures.IsEmpty, failures.FirstOrDefault()?.Message);
        Assert.True(done >= Transactions);
    }

    /// <summary>Put the seed of a failure here to see it with its log.</summary>
    [Theory]
    [InlineData(1)]
    public void One_seed(int seed) => Assert.True(Play(seed, keepsLog: true).Transactions > 0);

    [Fact]
    public void A_seed_gives_the_same_run_again() => Assert.Equal(Play(5, keepsLog: false), Play(5, keepsLog: false));

    private static (int Transactions, long End) Play(int seed, bool keepsLog)
    {
        var options = (seed % 4) switch
        {
            0 => new SimulationOptions { ResetProbability = 0.0005, StallProbability = 0.001 },
            1 => new SimulationOptions { SmallestBuffer = 8, LargestBuffer = 200 },
            2 => new SimulationOptions { StallProbability = 0.001, LongestDelay = TimeSpan.FromMilliseconds(5) },
            _ => new SimulationOptions { LongestDelay = TimeSpan.FromMicroseconds(100), SplitProbability = 0.2, SingleByteProbability = 0.02 },
        };
        var settings = (seed % 5) switch
        {
            0 => "server_round_robin = 1",
            1 => "reserve_pool_size = 1\nreserve_pool_timeout = 0.1\nmax_prepared_statements = 2",
            2 => "server_lifetime = 1\nserver_check_delay = 0",
            3 => "server_reset_query_always = 1",
            _ => "default_pool_size = 1",
        };
        var hasFaults = seed % 4 == 0;
        using var simulation = new PoolerSimulation(seed, settings, options, keepsLog: keepsLog) { MayLoseCancels = hasFaults };
        SimulatedPoolerTests.ConnectSome(simulation, seed % 3 == 0 ? ClientHabits.AllButDeaths : ClientHabits.All, Clients, Rounds);
        for (var i = 0; hasFaults && i < 10; i++)
        {
            simulation.Network.After(TimeSpan.FromMilliseconds(20 + (i * 40)), () => SimulatedPoolerTests.KillOne(simulation));
        }

        simulation.RequireRest();
        if (!hasFaults)
        {
            simulation.RequireNobodyCutOff();
        }

        return (simulation.Clients.Sum(client => client.Transactions), simulation.Network.Now);
    }
}
