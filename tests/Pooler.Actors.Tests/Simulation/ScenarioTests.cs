using Pooler.Actors.Admin;
using Pooler.Actors.Configuration;
using Pooler.Actors.Transport.Simulation;
using Pooler.Testing.Simulation;

namespace Pooler.Actors.Tests.Simulation;

/// <summary>What operators and the world around do to a simulated pooler that is at work.</summary>
public sealed class ScenarioTests
{
    private const int MuchData = 3_000_000;
    private const int MostThatMayBeHeld = 600_000;

    [Theory]
    [InlineData("")]
    [InlineData("default_pool_size = 1")]
    [InlineData("server_reset_query_always = 1")]
    [InlineData("server_check_delay = 0")]
    [InlineData("server_lifetime = 0")]
    [InlineData("server_round_robin = 1")]
    public void Nobody_waits_for_a_server_that_is_free_until_the_next_sweep(string settings)
    {
        for (var seed = 1; seed <= 15; seed++)
        {
            var options = new SimulationOptions { LongestDelay = TimeSpan.FromMicroseconds(100), SmallestBuffer = 4096 };
            using var simulation = new PoolerSimulation(seed, settings, options);
            SimulatedRun.ConnectSome(simulation, ClientHabits.Transactions | ClientHabits.Pipelines | ClientHabits.Parameters, 12);
            simulation.RequireRest();
            simulation.RequireNobodyCutOff();
            foreach (var client in simulation.Clients.Where(client => client.LongestWait > 250_000))
            {
                simulation.Require(false, $"nobody waits long, but client {client.Id} has waited {client.LongestWait} us");
            }
        }
    }

    [Fact]
    public void A_client_that_does_not_read_holds_its_server_back()
    {
        using var simulation = new PoolerSimulation(1);
        var client = simulation.Connect(script: self => ReadLate(self));
        simulation.Until(() => simulation.Postgres.Backends is [{ Commands: > 0 }], "the server answers");
        var server = simulation.Postgres.Backends[0].Peer;
        simulation.RunFor(TimeSpan.FromSeconds(10));
        Assert.InRange(server.Unsent, MuchData - MostThatMayBeHeld, MuchData * 2);
        client.Peer.ResumeReading();
        simulation.RequireRest();
        simulation.RequireNobodyCutOff();
        Assert.Equal(1, client.Transactions);
    }

    [Fact]
    public void A_server_that_does_not_read_holds_its_client_back()
    {
        using var simulation = new PoolerSimulation(2);
        var client = simulation.Connect(script: self => Upload(self));
        simulation.Until(() => simulation.Postgres.Backends is [{ Commands: > 0 }], "the COPY begins");
        var server = simulation.Postgres.Backends[0].Peer;
        server.PauseReading();
        simulation.RunFor(TimeSpan.FromSeconds(10));
        Assert.InRange(client.Peer.Unsent, MuchData - MostThatMayBeHeld, MuchData * 2);
        server.ResumeReading();
        simulation.RequireRest();
        simulation.RequireNobodyCutOff();
        Assert.Equal(1, client.Transactions);
    }

    [Fact]
    public void A_client_that_waits_for_a_server_is_held_back()
    {
        using var simulation = new PoolerSimulation(3, "default_pool_size = 1");
        var holder = simulation.Connect(script: self => HoldFor(self, seconds: 30));
        simulation.Until(() => holder.IsInTransaction && holder.IsAnswered, "the only server is taken");
        var client = simulation.Connect(script: self => Upload(self));
        simulation.RunFor(TimeSpan.FromSeconds(10));
        Assert.InRange(client.Peer.Unsent, MuchData - MostThatMayBeHeld, MuchData * 2);
        simulation.RequireRest();
        simulation.RequireNobodyCutOff();
        Assert.Equal(1, client.Transactions);
    }

    [Fact]
    public void A_pause_lets_transactions_end_and_closes_every_server_and_everybody_goes_on_after_it()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            using var simulation = new PoolerSimulation(seed);
            SimulatedRun.ConnectSome(simulation, ClientHabits.AllButDeaths, 16, rounds: 30);
            for (var i = 0; i < 3; i++)
            {
                simulation.RunFor(TimeSpan.FromMilliseconds(20 + simulation.Network.Random(40)));
                simulation.Ask<PoolCommandCompleted>("pools", new PausePools(i, null));
                simulation.RunFor(TimeSpan.FromMilliseconds(100));
                simulation.Require(simulation.Postgres.Backends.Count == 0, "a paused pooler has no servers");
                simulation.Ask<PoolCommandCompleted>("pools", new ResumePools(100 + i, null));
            }

            simulation.RequireRest();
            simulation.RequireNobodyCutOff();
        }
    }

    [Fact]
    public void A_changed_database_gets_new_servers_and_nobody_loses_the_connection()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            using var simulation = new PoolerSimulation(seed);
            SimulatedRun.ConnectSome(simulation, ClientHabits.AllButDeaths, 16, rounds: 30);
            for (var i = 1; i <= 3; i++)
            {
                simulation.RunFor(TimeSpan.FromMilliseconds(20 + simulation.Network.Random(40)));
                var name = $"host=10.0.0.1 dbname=other{i}";
                simulation.WriteSettings(
                    PoolerSimulation.DatabaseLines.Replace("transaction = host=10.0.0.1", $"transaction = {name}", StringComparison.Ordinal));
                simulation.Ask<ReloadSucceeded>("config", ReloadSettings.Instance);
            }

            simulation.RequireRest();
            simulation.RequireNobodyCutOff();
            Assert.DoesNotContain(simulation.Postgres.Backends, backend => backend.Database is "transaction" or "other1" or "other2");
        }
    }

    [Fact]
    public void A_server_that_is_away_for_a_while_is_found_again()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            using var simulation = new PoolerSimulation(seed, "server_login_retry = 2");
            SimulatedRun.ConnectSome(simulation, ClientHabits.AllButDeaths, 12, rounds: 10);
            simulation.Postgres.Refuse();
            while (simulation.Postgres.Backends.Count > 0)
            {
                simulation.Postgres.Backends[0].Die(simulation.Network.Random(3));
            }

            simulation.MayLoseCancels = true;
            simulation.RunFor(TimeSpan.FromSeconds(10));
            simulation.Postgres.Open();
            simulation.RunFor(TimeSpan.FromSeconds(5));
            var late = simulation.Connect();
            simulation.RequireRest();
            simulation.Require(late.End is null, $"whoever comes later is served, but {late}");
        }
    }

    [Fact]
    public void A_wait_that_takes_too_long_ends_with_its_client_and_the_queue_goes_on()
    {
        using var simulation = new PoolerSimulation(4, "default_pool_size = 1\nquery_wait_timeout = 5");
        var holder = simulation.Connect(script: self => HoldFor(self, seconds: 8));
        simulation.Until(() => holder.IsInTransaction && holder.IsAnswered, "the only server is taken");
        var early = simulation.Connect(script: AskOnce);
        simulation.RunFor(TimeSpan.FromSeconds(5));
        var late = simulation.Connect(script: AskOnce);
        simulation.RequireRest();
        Assert.Equal("query_wait_timeout", early.FatalText);
        Assert.Null(late.End);
        Assert.Equal(1, late.Transactions);
        Assert.Null(holder.End);
    }

    private static IEnumerable<Pause> AskOnce(ScriptedClient self)
    {
        self.Ask();
        yield return Pause.ForAnswers;
        self.Terminate();
    }

    private static IEnumerable<Pause> HoldFor(ScriptedClient self, int seconds)
    {
        self.Query($"begin {self.Id}");
        yield return Pause.ForAnswers;
        yield return Pause.For(seconds * 1_000_000);
        self.Query($"commit {self.Id}");
        yield return Pause.ForAnswers;
        self.Terminate();
    }

    private static IEnumerable<Pause> ReadLate(ScriptedClient self)
    {
        self.Peer.PauseReading();
        self.Query(self.Rows(MuchData / 1000, 1000));
        yield return Pause.ForAnswers;
        self.Terminate();
    }

    private static IEnumerable<Pause> Upload(ScriptedClient self)
    {
        self.CopyIn(MuchData);
        yield return Pause.ForAnswers;
        self.Terminate();
    }
}
