using Pooler.Actors.Transport.Simulation;
using Pooler.Testing.Simulation;

namespace Pooler.Actors.Tests.Simulation;

/// <summary>A whole pooler between scripted clients and a scripted server, one topic each, from fixed seeds.</summary>
public sealed class SimulatedPoolerTests
{
    [Fact]
    public void One_client_gets_its_answers()
    {
        using var simulation = new PoolerSimulation(1);
        simulation.Connect(habits: ClientHabits.Queries);
        simulation.RequireRest();
        simulation.RequireNobodyCutOff();
        Assert.True(simulation.Clients[0].Transactions >= 10);
    }

    [Theory]
    [InlineData((int)ClientHabits.Queries)]
    [InlineData((int)(ClientHabits.Queries | ClientHabits.Transactions))]
    [InlineData((int)ClientHabits.Pipelines)]
    [InlineData((int)(ClientHabits.Pipelines | ClientHabits.Transactions))]
    [InlineData((int)ClientHabits.Copies)]
    [InlineData((int)(ClientHabits.Copies | ClientHabits.Pipelines))]
    [InlineData((int)ClientHabits.Parameters)]
    [InlineData((int)(ClientHabits.Parameters | ClientHabits.Transactions))]
    [InlineData((int)ClientHabits.Cancels)]
    [InlineData((int)ClientHabits.Stalls)]
    [InlineData((int)ClientHabits.Haste)]
    [InlineData((int)ClientHabits.AllButDeaths)]
    public void Clients_get_what_is_theirs_whatever_they_do_and_however_bytes_are_split(int habits)
    {
        for (var seed = 1; seed <= 15; seed++)
        {
            var options = new SimulationOptions { SmallestBuffer = 1 + (seed % 7 * 50), LargestBuffer = 1 + (seed % 7 * 500) };
            Play(seed, (ClientHabits)habits, options);
        }
    }

    [Theory]
    [InlineData((int)ClientHabits.Queries)]
    [InlineData((int)ClientHabits.AllButDeaths)]
    public void Bytes_that_come_one_by_one_make_no_difference(int habits)
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            Play(seed, (ClientHabits)habits, new SimulationOptions { SingleByteProbability = 1, LongestDelay = TimeSpan.FromMicroseconds(20) });
        }
    }

    [Fact]
    public void Whole_batches_make_no_difference()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            var options = new SimulationOptions { SingleByteProbability = 0, SplitProbability = 0, SmallestBuffer = 16 * 1024 };
            Play(seed, ClientHabits.AllButDeaths, options);
        }
    }

    [Fact]
    public void Deliveries_that_stall_make_no_difference()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            Play(seed, ClientHabits.AllButDeaths, new SimulationOptions { StallProbability = 0.02 });
        }
    }

    [Fact]
    public void Clients_that_vanish_harm_nobody_else()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            using var simulation = new PoolerSimulation(seed);
            SimulatedRun.ConnectSome(simulation, ClientHabits.All, 16);
            simulation.RequireRest();
            simulation.RequireNobodyCutOff();
        }
    }

    [Fact]
    public void Broken_connections_and_lost_servers_end_only_those_who_used_them()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            using var simulation = new PoolerSimulation(seed, options: new SimulationOptions { ResetProbability = seed % 2 == 0 ? 0.002 : 0 })
            {
                MayLoseCancels = true,
            };
            SimulatedRun.ConnectSome(simulation, ClientHabits.All, 16);
            for (var i = 0; i < 20; i++)
            {
                simulation.Network.After(TimeSpan.FromMilliseconds(5 + (i * 15)), () => SimulatedRun.KillOne(simulation));
            }

            simulation.RequireRest();
        }
    }

    private static void Play(int seed, ClientHabits habits, SimulationOptions options)
    {
        using var simulation = new PoolerSimulation(seed, options: options);
        SimulatedRun.ConnectSome(simulation, habits, 12);
        simulation.RequireRest();
        simulation.RequireNobodyCutOff();
    }
}
