using Pooler.Actors.Configuration;
using Pooler.Testing.Simulation;

namespace Pooler.Actors.Tests.Simulation;

/// <summary>Clients that join a pool at the very moment of its end: they are let in, or told at once why not, and never left waiting.</summary>
public sealed class RetirementSimulationTests
{
    [Theory]
    [InlineData("pool_idle_timeout = 1\nserver_idle_timeout = 1")]
    [InlineData("autodb_idle_timeout = 1\nserver_idle_timeout = 1")]
    [InlineData("pool_idle_timeout = 1\nautodb_idle_timeout = 1\nserver_idle_timeout = 1\nmax_db_connections = 1")]
    public void Nobody_is_lost_when_pools_retire(string settings)
    {
        for (var seed = 1; seed <= 25; seed++)
        {
            using var simulation = new PoolerSimulation(seed, settings, new() { LongestDelay = TimeSpan.FromMilliseconds(5), SmallestBuffer = 4096 });
            simulation.WriteSettings("transaction = host=10.0.0.1\n* = host=10.0.0.1");
            simulation.Ask<ReloadSucceeded>(Pooler.Actors.Supervision.ActorNames.Configuration, ReloadSettings.Instance);
            for (var i = 0; i < 40; i++)
            {
                // A pool's servers go after one second, the pool after another one, each with a sweep of up to a third of a second.
                var (user, database) = ($"user{1 + (i % 4)}", i % 2 == 0 ? "transaction" : "made");
                var time = (i / 4 * 2_000) + 1_950 + simulation.Network.Random(750);
                simulation.Network.After(TimeSpan.FromMilliseconds(time), () => simulation.Connect(database, user, ClientHabits.Queries, rounds: 1));
            }

            simulation.RunFor(TimeSpan.FromSeconds(30));
            simulation.RequireRest();
            simulation.RequireNobodyCutOff();
            foreach (var client in simulation.Clients)
            {
                simulation.Require(client.LongestWait < 1_000_000, $"nobody waits long, but client {client.Id} has waited {client.LongestWait} us");
            }

            Assert.True(simulation.Postgres.Logins > 8, "pools have come and gone");
        }
    }

    [Fact]
    public void Who_joins_a_database_that_is_being_removed_is_served_or_told_so()
    {
        var (served, refused) = (0, 0);
        for (var seed = 1; seed <= 60; seed++)
        {
            using var simulation = new PoolerSimulation(seed, options: new() { LongestDelay = TimeSpan.FromMilliseconds(1), SmallestBuffer = 4096 });
            var early = simulation.Connect(habits: ClientHabits.Queries, rounds: 1);
            simulation.Until(() => early.IsDone, "the pool is there");
            simulation.WriteSettings("session = host=10.0.0.1 pool_mode=session");
            simulation.Network.After(
                TimeSpan.FromMilliseconds(5), () => simulation.Tell(Pooler.Actors.Supervision.ActorNames.Configuration, ReloadSettings.Instance));
            for (var i = 0; i < 30; i++)
            {
                simulation.Network.After(
                    TimeSpan.FromMicroseconds(simulation.Network.Random(9_000)), () => simulation.Connect(habits: ClientHabits.Queries, rounds: 1));
            }

            simulation.RunFor(TimeSpan.FromSeconds(2));
            foreach (var client in simulation.Clients)
            {
                simulation.Require(client.IsDone, $"everybody knows after two seconds, but not {client}");

                // The last word to one who is in the midst of sending may be lost with the connection.
                simulation.Require(
                    client.End is null || client.IsLoggedIn || client.FatalText is "database removed" or "no such database: transaction",
                    $"the reason is given: {client}, {client.FatalText}");
                served += client.End is null ? 1 : 0;
                refused += client.End is null ? 0 : 1;
            }
        }

        Assert.True(served > 60 && refused > 60, $"{served} served, {refused} refused");
    }
}
