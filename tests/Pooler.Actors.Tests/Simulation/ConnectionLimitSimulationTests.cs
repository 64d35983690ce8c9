using Pooler.Testing.Simulation;

namespace Pooler.Actors.Tests.Simulation;

/// <summary>
/// Many pools on several loops under tight limits of connections: whatever the order of events, the limits hold at every moment, everybody is served, and nobody waits for a place
/// that is free.
/// </summary>
public sealed class ConnectionLimitSimulationTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    public void The_limits_hold_and_everybody_is_served(int ofDatabase, int ofUser)
    {
        for (var seed = 1; seed <= 12; seed++)
        {
            using var simulation = Start(seed, ofDatabase, ofUser, "default_pool_size = 3");
            SimulatedRun.ConnectSome(simulation, ClientHabits.AllButDeaths, 18, rounds: 5);
            simulation.RequireRest();
            simulation.RequireNobodyCutOff();
        }
    }

    [Fact]
    public void They_hold_while_clients_vanish_servers_die_and_pools_fail()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            using var simulation = Start(seed, 2, 2, seed % 2 == 0 ? "server_lifetime = 0" : "min_pool_size = 2");
            simulation.MayLoseCancels = true;
            for (var i = 0; i < 20; i++)
            {
                simulation.Network.After(TimeSpan.FromMilliseconds(10 + (i * 13)), () => SimulatedRun.KillOne(simulation));
                if (i % 4 == 0)
                {
                    simulation.Network.After(TimeSpan.FromMilliseconds(15 + (i * 17)), () => simulation.Tell("pools/*", new Pooler.Actors.Pools.Released(null!)));
                }
            }

            SimulatedRun.ConnectSome(simulation, ClientHabits.All, 18, rounds: 6);
            simulation.RequireRest();
            var late = Enumerable.Range(1, 4).Select(i => simulation.Connect(user: $"user{i}", habits: ClientHabits.Queries, rounds: 2)).ToArray();
            simulation.RequireRest();
            Assert.All(late, client => Assert.Null(client.End));
        }
    }

    [Fact]
    public void Nobody_waits_for_a_place_that_is_free_until_the_next_sweep()
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            using var simulation = Start(seed, 2, 0, "", new() { LongestDelay = TimeSpan.FromMicroseconds(100), SmallestBuffer = 4096 });
            for (var i = 0; i < 6; i++)
            {
                simulation.Connect("transaction", $"user{1 + i}", ClientHabits.Queries, rounds: 1);
            }

            simulation.RequireRest();
            simulation.RequireNobodyCutOff();
            foreach (var client in simulation.Clients)
            {
                simulation.Require(client.LongestWait < 250_000, $"nobody waits long, but client {client.Id} has waited {client.LongestWait} us");
            }
        }
    }

    private static PoolerSimulation Start(int seed, int ofDatabase, int ofUser, string settings, Pooler.Actors.Transport.Simulation.SimulationOptions? options = null)
    {
        var simulation = new PoolerSimulation(
            seed, $"{settings}\nmax_db_connections = {ofDatabase}\nmax_user_connections = {ofUser}", options, loops: 1 + (seed % 4));
        simulation.Postgres.MaxDbConnections = ofDatabase;
        simulation.Postgres.MaxUserConnections = ofUser;
        return simulation;
    }
}
