using Pooler.Actors.Transport.Simulation;

namespace Pooler.Testing.Simulation;

/// <summary>
/// One run of everything at once: many clients with all their habits, a server that is as unkind as PostgreSQL and its machine can be, an operator at the console. The seed
/// decides it all, what kind of run it is included.
/// </summary>
internal static class SimulatedRun
{
    private const int Clients = 32;
    private const int Rounds = 40;
    private static readonly string[] Databases = ["transaction", "session", "statement", "shared"];

    private static readonly SimulationOptions[] Networks =
    [
        new() { ResetProbability = 0.0005, StallProbability = 0.001 },
        new() { SmallestBuffer = 8, LargestBuffer = 200 },
        new() { StallProbability = 0.001, LongestDelay = TimeSpan.FromMilliseconds(5) },
        new() { LongestDelay = TimeSpan.FromMicroseconds(100), SplitProbability = 0.2, SingleByteProbability = 0.02 },
        new() { SmallestBuffer = 4096, LargestBuffer = 64 * 1024, SplitProbability = 0.05, SingleByteProbability = 0.01 },
    ];

    private static readonly string[] Settings =
    [
        "server_round_robin = 1",
        "reserve_pool_size = 1\nreserve_pool_timeout = 0.1\nmax_prepared_statements = 2",
        "server_lifetime = 1\nserver_check_delay = 0",
        "server_reset_query_always = 1",
        "default_pool_size = 1",
        "min_pool_size = 2\nsbuf_loopcnt = 1\npkt_buf = 512",
        "max_db_connections = 3",
        "server_protocol_version = 3.2",
    ];

    // What the operator has stopped goes on in the end; whom the limits would end until then has not been forgotten.
    private const string Patience = "\nquery_wait_timeout = 0\nclient_login_timeout = 0";

    /// <summary>
    /// Plays the run of this seed; throws when anything is not as it has to be. With <paramref name="spoiledAnswer"/>, that one of the server's answers has a wrong byte.
    /// </summary>
    internal static SimulatedResult Play(int seed, bool keepsLog = false, int spoiledAnswer = 0)
    {
        var kind = new Random(seed);
        var network = kind.Next(Networks.Length);
        var hasOperator = kind.Next(3) == 0;
        var mayKill = hasOperator && kind.Next(3) == 0;
        var losesServers = network == 0 || kind.Next(4) == 0;
        var settings = Settings[kind.Next(Settings.Length)] + (hasOperator ? Patience : "");
        using var simulation = new PoolerSimulation(seed, settings, Networks[network], loops: 1 + kind.Next(3), keepsLog: keepsLog)
        {
            // A server that ends, and a kill, may end a cancel request with it.
            MayLoseCancels = losesServers || mayKill,
            HasOtherVersions = true,
        };
        simulation.Postgres.KnowsVersion32 = kind.Next(2) == 0;
        simulation.Postgres.Interrupts.OneIn = kind.Next(2) * 8;
        simulation.Postgres.DiesOnceIn = losesServers && kind.Next(2) == 0 ? 400 : 0;
        simulation.Postgres.SpoiledAnswer = spoiledAnswer;
        var habits = kind.Next(3) == 0 ? ClientHabits.AllButDeaths : ClientHabits.All;
        simulation.Operator = hasOperator ? new SimulatedOperator(simulation, mayKill) : null;
        for (var i = 0; i < 60; i++)
        {
            simulation.Network.After(TimeSpan.FromMilliseconds(30 + (i * 7)), () => simulation.Postgres.TryChangeTables());
        }

        ConnectSome(simulation, habits, Clients, Rounds);
        for (var i = 0; losesServers && i < 10; i++)
        {
            simulation.Network.After(TimeSpan.FromMilliseconds(20 + (i * 40)), () => KillOne(simulation));
        }

        simulation.RequireRest();
        simulation.RequireNothingPaused();
        simulation.RequireNoFaults();
        if (!losesServers && !mayKill)
        {
            simulation.RequireNobodyCutOff();
        }

        return new SimulatedResult(simulation, simulation.Operator?.Answered ?? 0);
    }

    /// <summary>Lets clients come within 30 ms of the virtual clock.</summary>
    internal static void ConnectSome(PoolerSimulation simulation, ClientHabits habits, int count, int rounds = 10)
    {
        for (var i = 0; i < count; i++)
        {
            var user = $"user{1 + (i % 3)}";
            var number = i;
            simulation.Network.After(
                TimeSpan.FromMilliseconds(simulation.Network.Random(30)),
                () => simulation.Connect(
                    Databases[number % Databases.Length],
                    user,
                    habits,
                    rounds,
                    null,
                    [new("application_name", $"app-{number % 5}"), new("TimeZone", number % 2 == 0 ? "UTC" : "Asia/Tokyo")]));
        }

        simulation.RunFor(TimeSpan.FromMilliseconds(31));
    }

    /// <summary>Ends one session of the server, in one of the ways in which they end.</summary>
    internal static void KillOne(PoolerSimulation simulation)
    {
        var backends = simulation.Postgres.Backends;
        if (backends.Count > 0)
        {
            backends[simulation.Network.Random(backends.Count)].Die(simulation.Network.Random(3));
        }
    }
}
