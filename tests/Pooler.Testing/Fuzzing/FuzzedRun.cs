using System.Net;
using Pooler.Actors.Transport;
using Pooler.Actors.Transport.Simulation;
using Pooler.Testing.Simulation;

namespace Pooler.Testing.Fuzzing;

/// <summary>
/// One run of fuzzing, decided by its seed: the relay alone, and a simulated pooler with hostile clients and a hostile server beside clients and a server that know nothing of it.
/// No actor may throw, nothing may hang or grow, and the others must not notice.
/// </summary>
internal static class FuzzedRun
{
    private const int RelayExchanges = 200;
    private const int HostileClients = 16;
    private const int Bystanders = 6;
    private const long MostAllocated = 400L << 20;
    private static readonly ConnectTarget Hostile = new ConnectTarget.Tcp(IPAddress.Parse("10.0.0.2"), 5432);

    // Whoever gets what another was answered has to be the pooler's fault: here no answer comes in two deliveries.
    private static readonly SimulationOptions Whole = new() { SmallestBuffer = 1 << 20, LargestBuffer = 1 << 20, SplitProbability = 0, SingleByteProbability = 0 };
    private static readonly SimulationOptions Cut = new() { SplitProbability = 0.5, SingleByteProbability = 0.2 };

    private static readonly string[] Settings =
    [
        "default_pool_size = 1", "max_prepared_statements = 0", "max_prepared_statements = 3", "server_reset_query_always = 1", "pkt_buf = 512", "disable_pqexec = 0",
        "server_check_delay = 0",
    ];

    private static readonly string[] Logins = ["scram-sha-256", "md5", "plain"];

    /// <summary>Plays the run of this seed; throws when anything is not as it has to be.</summary>
    internal static FuzzedResult Play(int seed, bool keepsLog = false)
    {
        var random = new Random(seed);
        for (var i = 0; i < RelayExchanges; i++)
        {
            RelayFuzz.Play(seed, random);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var isWhole = random.Next(2) == 0;
        var settings = $"server_login_retry = 0\n{Settings[random.Next(Settings.Length)]}";

        // With a login that asks for a password nobody gets beyond it.
        var asksPassword = random.Next(10) == 0;
        settings += asksPassword ? $"\nauth_type = {Logins[random.Next(Logins.Length)]}" : "";
        var databases = $"{PoolerSimulation.DatabaseLines}\n* = host=10.0.0.2{(random.Next(4) == 0 ? " pool_mode=session" : "")}";
        using var simulation = new PoolerSimulation(seed, settings, isWhole ? Whole : Cut, loops: 1 + random.Next(2), keepsLog: keepsLog, databases: databases);
        var server = new HostileServer(simulation.Network, Hostile, random) { MutatesOneIn = 2 + random.Next(14) };
        SimulatedRun.ConnectSome(simulation, ClientHabits.AllButDeaths, asksPassword ? 0 : Bystanders, rounds: 6);
        List<HostileClient> clients = [];
        for (var i = 1; i <= HostileClients; i++)
        {
            var number = i;
            simulation.Network.After(
                TimeSpan.FromMilliseconds(random.Next(200)),
                () => clients.Add(new HostileClient(simulation.Network, random, number, $"user{1 + (number % 2)}")));
        }

        simulation.RunFor(TimeSpan.FromSeconds(5));
        foreach (var client in clients)
        {
            simulation.Require(!isWhole || client.Foreign is null, $"nobody receives what another was answered, but {client.Foreign}");
            client.Vanish();
        }

        simulation.RunFor(TimeSpan.FromSeconds(1));
        server.Stop();
        simulation.RequireRest();
        simulation.RequireNobodyCutOff();
        simulation.RequireNoFaults();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        simulation.Require(allocated < MostAllocated, $"memory is bounded, but {allocated >> 20} MiB have been allocated");
        return new FuzzedResult(
            1, RelayExchanges, clients.Count, clients.Sum(client => client.Received), server.Said, simulation.Clients.Sum(client => client.Transactions));
    }
}
