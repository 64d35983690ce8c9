using Pooler.Actors.Pools;
using Pooler.Actors.Servers;
using Pooler.Testing.Simulation;

namespace Pooler.Actors.Tests.Simulation;

/// <summary>
/// Faults inside one actor, provoked by messages that are broken inside, and losses of connections: what they may take with them, and what has to
/// go on as if nothing had happened.
/// </summary>
public sealed class FaultTests
{
    private const string AnyClient = "loop-*/client-*";
    private const string AnyPool = "pools/*";
    private const string AnyServer = "pools/*/server-*";

    // What no sender sends: each actor throws when it looks inside.
    private static readonly PoolRefused BrokenForClients = new(null!, "");
    private static readonly RunOwnQuery BrokenForServers = new(null!, IsReset: true);
    private static readonly Released BrokenForPools = new(null!);

    [Fact]
    public void A_client_that_faults_while_idle_leaves_its_server_and_everybody_else_alone()
    {
        using var simulation = new PoolerSimulation(1);
        var client = simulation.Connect(script: AskThenWait);
        simulation.Until(() => client.Transactions == 1, "the client is served");
        simulation.Tell(AnyClient, BrokenForClients);
        simulation.Until(() => client.IsDone, "the client is closed");
        Assert.Null(client.FatalText);
        RequireServedBy(simulation, logins: 1);
    }

    [Fact]
    public void A_client_that_faults_inside_a_transaction_takes_its_server_along()
    {
        using var simulation = new PoolerSimulation(2);
        var client = simulation.Connect(script: BeginThenWait);
        simulation.Until(() => IsInTransaction(client), "the client is in a transaction");
        simulation.Tell(AnyClient, BrokenForClients);
        simulation.Until(() => client.IsDone, "the client is closed");
        RequireServedBy(simulation, logins: 2);
    }

    [Fact]
    public void A_client_that_faults_in_session_mode_has_its_server_reset()
    {
        using var simulation = new PoolerSimulation(3);
        var client = simulation.Connect("session", script: self => SetThenWait(self));
        simulation.Until(() => client.Transactions == 1, "the client is served");
        simulation.Tell(AnyClient, BrokenForClients);
        simulation.Until(() => client.IsDone, "the client is closed");
        RequireServedBy(simulation, logins: 1, "session");
    }

    [Fact]
    public void A_fault_in_one_client_does_not_touch_the_others()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            using var simulation = new PoolerSimulation(seed);
            var victim = simulation.Connect(user: "user2", script: seed % 2 == 0 ? BeginThenWait : AskThenWait);
            simulation.Until(() => victim.IsAnswered, "the victim is served");
            var id = simulation.CollectClients()[0].Id;
            SimulatedRun.ConnectSome(simulation, ClientHabits.AllButDeaths, 12);
            simulation.Tell($"loop-*/client-{id}", BrokenForClients);
            simulation.Until(() => victim.IsDone, "the victim is closed");
            simulation.RequireRest();
            Assert.All(simulation.Clients.Skip(1), client => Assert.Null(client.End));
        }
    }

    [Fact]
    public void A_server_that_faults_is_replaced_and_its_holder_told()
    {
        using var simulation = new PoolerSimulation(4);
        var client = simulation.Connect(script: BeginThenWait);
        simulation.Until(() => IsInTransaction(client), "the client is in a transaction");
        simulation.Tell(AnyServer, BrokenForServers);
        simulation.Until(() => client.IsDone, "the client is closed");
        Assert.Equal("server conn crashed?", client.FatalText);
        RequireServedBy(simulation, logins: 2);
    }

    [Fact]
    public void An_idle_server_that_faults_is_replaced_unnoticed()
    {
        using var simulation = new PoolerSimulation(5);
        var client = simulation.Connect(script: AskOnDemand);
        simulation.Until(() => client.Transactions == 1, "the client is served");
        simulation.Tell(AnyServer, BrokenForServers);
        simulation.RunFor(TimeSpan.FromSeconds(2));
        Assert.Empty(simulation.Postgres.Backends);
        simulation.Until(() => client.Transactions == 2, "the client is served again");
        Assert.Null(client.End);
        RequireServedBy(simulation, logins: 2);
    }

    [Fact]
    public void A_pool_that_faults_is_made_anew_and_idle_and_waiting_clients_go_on()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            using var simulation = new PoolerSimulation(seed, "default_pool_size = 1");
            var idle = simulation.Connect(script: AskOnDemand);
            simulation.Until(() => idle.Transactions == 1, "the idle client has been served");
            var holder = simulation.Connect(script: BeginThenWait);
            simulation.Until(() => IsInTransaction(holder), "the holder is in a transaction");
            var waiting = simulation.Connect(script: AskThenWait);
            var alsoWaiting = simulation.Connect(script: AskThenWait);
            simulation.Until(() => simulation.CollectPools()[0].ClientWaiting == 2, "two clients wait");
            simulation.Tell(AnyPool, BrokenForPools);
            simulation.Until(() => holder.IsDone, "the holder is closed");
            Assert.Equal("server conn crashed?", holder.FatalText);
            simulation.Until(() => waiting.Transactions == 1 && alsoWaiting.Transactions == 1, "the waiting clients are served");
            simulation.Until(() => idle.Transactions == 2, "the idle client is served");
            simulation.Require(simulation.Postgres.Backends.Count == 1, "the old server is closed");
            RequireServedBy(simulation, logins: 2);
        }
    }

    [Fact]
    public void A_pool_may_fault_at_any_time_and_afterwards_everything_is_in_order()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            using var simulation = new PoolerSimulation(seed, seed % 2 == 0 ? "default_pool_size = 1" : "") { MayLoseCancels = true };
            for (var i = 0; i < 60; i++)
            {
                var path = (i % 3) switch { 0 => AnyPool, 1 => AnyServer, _ => AnyClient };
                object message = (i % 3) switch { 0 => BrokenForPools, 1 => BrokenForServers, _ => BrokenForClients };
                if (i % 3 == 0 || (seed % 3 == 0 && i < 20))
                {
                    simulation.Network.After(TimeSpan.FromMilliseconds(25 + (i * 3)), () => simulation.Tell(path, message));
                }
            }

            SimulatedRun.ConnectSome(simulation, ClientHabits.All, 24, rounds: 12);
            simulation.RequireRest();
            var late = simulation.Connect(habits: ClientHabits.AllButDeaths);
            simulation.RequireRest();
            Assert.Null(late.End);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_server_killed_inside_a_transaction_ends_its_client(int how)
    {
        using var simulation = new PoolerSimulation(6 + how);
        var client = simulation.Connect(script: BeginThenWait);
        simulation.Until(() => IsInTransaction(client), "the client is in a transaction");
        simulation.Postgres.Backends[0].Die(how);
        simulation.Until(() => client.IsDone, "the client is closed");
        Assert.Equal(how == 0 ? "terminating connection due to administrator command" : "server conn crashed?", client.FatalText);
        RequireServedBy(simulation, logins: 2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_server_killed_between_transactions_is_replaced_unnoticed(int how)
    {
        using var simulation = new PoolerSimulation(9 + how);
        var client = simulation.Connect(script: AskOnDemand);
        simulation.Until(() => client.Transactions == 1, "the client is served");
        simulation.RunFor(TimeSpan.FromMilliseconds(50));
        simulation.Postgres.Backends[0].Die(how);
        simulation.Until(() => client.Transactions == 2, "the client is served again");
        Assert.Null(client.End);
        RequireServedBy(simulation, logins: 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_client_that_vanishes_inside_a_transaction_takes_its_server_along(bool withReset)
    {
        using var simulation = new PoolerSimulation(12);
        var client = simulation.Connect(script: BeginThenWait);
        simulation.Until(() => IsInTransaction(client), "the client is in a transaction");
        client.Vanish(withReset);
        RequireServedBy(simulation, logins: 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_client_that_vanishes_between_transactions_leaves_its_server_to_the_next(bool withReset)
    {
        using var simulation = new PoolerSimulation(13);
        var client = simulation.Connect(script: AskThenWait);
        simulation.Until(() => client.Transactions == 1, "the client is served");
        client.Vanish(withReset);
        RequireServedBy(simulation, logins: 1);
    }

    [Fact]
    public void Bytes_that_nobody_asked_for_reach_nobody_and_close_the_server()
    {
        using var simulation = new PoolerSimulation(14);
        var client = simulation.Connect(script: BeginThenWait);
        simulation.Until(() => IsInTransaction(client), "the client is in a transaction");
        simulation.Postgres.Backends[0].Say("C\0\0\0\rSELECT 1\0"u8);
        simulation.Until(() => client.IsDone, "the client is closed");
        Assert.Equal("server conn crashed?", client.FatalText);
        Assert.Contains(simulation.Log, line => line.Contains("sent a response that nobody asked for", StringComparison.Ordinal));
        RequireServedBy(simulation, logins: 2);
    }

    [Fact]
    public void A_server_that_speaks_unasked_while_idle_is_closed()
    {
        using var simulation = new PoolerSimulation(15);
        var client = simulation.Connect(script: AskOnDemand);
        simulation.Until(() => client.Transactions == 1, "the client is served");
        simulation.RunFor(TimeSpan.FromMilliseconds(50));
        simulation.Postgres.Backends[0].Say("D\0\0\0\u0006\0\0"u8);
        simulation.Until(() => client.Transactions == 2, "the client is served again");
        RequireServedBy(simulation, logins: 2);
    }

    private static bool IsInTransaction(ScriptedClient client) => client is { IsAnswered: true, IsInTransaction: true };

    private static IEnumerable<Pause> AskThenWait(ScriptedClient self)
    {
        self.Ask();
        yield return Pause.ForAnswers;
        yield return Pause.For(200_000_000);
    }

    private static IEnumerable<Pause> SetThenWait(ScriptedClient self)
    {
        self.Query($"set {self.Id} application_name other");
        yield return Pause.ForAnswers;
        yield return Pause.For(200_000_000);
    }

    /// <summary>One question at once and one five seconds later.</summary>
    private static IEnumerable<Pause> AskOnDemand(ScriptedClient self)
    {
        self.Ask();
        yield return Pause.ForAnswers;
        yield return Pause.For(5_000_000);
        self.Ask();
        yield return Pause.ForAnswers;
        yield return Pause.For(200_000_000);
    }

    private static IEnumerable<Pause> BeginThenWait(ScriptedClient self)
    {
        self.Query($"begin {self.Id}");
        yield return Pause.ForAnswers;
        yield return Pause.For(200_000_000);
    }

    /// <summary>Whoever comes next is served, by the server that is there or by a new one, and then nothing is left over.</summary>
    private static void RequireServedBy(PoolerSimulation simulation, int logins, string database = "transaction")
    {
        var next = simulation.Connect(database, habits: ClientHabits.Queries, rounds: 3);
        simulation.Until(() => next.IsDone, "the next client is served");
        simulation.Require(next.End is null, $"the next client comes to its end, but {next}");
        simulation.Require(simulation.Postgres.Logins == logins, $"{logins} servers have been opened, not {simulation.Postgres.Logins}");
        foreach (var client in simulation.Clients)
        {
            client.Vanish(withReset: false);
        }

        simulation.RequireRest();
    }
}
