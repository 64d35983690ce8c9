using System.Net;
using Akka.Actor;
using Akka.Configuration;
using Pooler.Actors.Admin;
using Pooler.Actors.Configuration;
using Pooler.Actors.Supervision;
using Pooler.Actors.Transport;
using Pooler.Actors.Transport.Simulation;
using Pooler.Actors.Wire;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Pooler.Testing.Simulation;

/// <summary>
/// A whole pooler, its real actors, between scripted clients and a scripted PostgreSQL in a <see cref="SimulatedNetwork"/>: all in the caller's
/// thread, every step following from the seed.
/// </summary>
internal sealed class PoolerSimulation : IDisposable, ILogEventSink
{
    /// <summary>Where clients find it.</summary>
    internal static readonly ConnectTarget Pooler = new ConnectTarget.Tcp(IPAddress.Loopback, 6432);
    private const int LogLinesKept = 300;

    // 3.0 and 3.2, and between and behind them what is negotiated.
    private static readonly int[] Versions = [ProtocolCode.Version3, ProtocolCode.Version3, ProtocolCode.Version32, ProtocolCode.Version3 + 1, ProtocolCode.Version32 + 7];

    /// <summary>The section [databases] at the start.</summary>
    internal const string DatabaseLines = """
        transaction = host=10.0.0.1
        session = host=10.0.0.1 pool_mode=session
        statement = host=10.0.0.1 pool_mode=statement
        shared = host=10.0.0.1 user=user9
        """;

    private readonly string _settings;
    private readonly List<object> _answers = [];
    private readonly List<object> _faults = [];
    private readonly List<object> _pauses = [];
    private readonly Queue<string> _log = new();
    private readonly List<ScriptedClient> _clients = [];
    private readonly ActorSystem _system;
    private readonly IActorRef _sink;
    private long _lastQuestion;

    /// <param name="seed">Decides everything that is random.</param>
    /// <param name="settings">Lines of the section [pgbouncer], over those of the simulation.</param>
    /// <param name="options">How unkind the network is.</param>
    /// <param name="loops">Number of I/O loops.</param>
    /// <param name="keepsLog">Whether the last lines of the log belong to the message of a failure.</param>
    /// <param name="databases">The section [databases].</param>
    internal PoolerSimulation(
        int seed, string settings = "", SimulationOptions? options = null, int loops = 2, bool keepsLog = true, string databases = DatabaseLines)
    {
        Network = new SimulatedNetwork(seed, loops, options);
        Postgres = new FakePostgres(Network, new ConnectTarget.Tcp(IPAddress.Parse("10.0.0.1"), 5432))
        {
            SessionDatabase = "session",
            HasAskedToCancel = id => _clients.Exists(
                client => client.Id == id && (client.CancelsUnderWay > 0 || (MayLoseCancels && client.HasCancelled))),
        };
        _settings = settings;
        Files = new SimulatedFiles
        {
            ["users"] = string.Concat(Enumerable.Range(1, 9).Select(i => $"\"user{i}\" \"secret\"\n")),
        };
        WriteSettings(databases);
        var loader = new SettingsLoader(Files);
        var loaded = loader.Load("pooler.ini");
        if (loaded.Settings is null)
        {
            throw new InvalidOperationException(string.Join('\n', loaded.Errors));
        }

        var log = keepsLog ? new LoggerConfiguration().MinimumLevel.Debug().WriteTo.Sink(this).CreateLogger() : Logger.None;
        var quiet = "akka.loglevel = OFF\nakka.stdout-loglevel = OFF\nakka.log-dead-letters = off\nakka.loggers = []\n";
        _system = ActorSystem.Create("simulation", ConfigurationFactory.ParseString(Network.ActorSystemConfiguration() + quiet));
        _sink = _system.ActorOf(Props.Create(() => new MessageSink(_answers)), "sink");
        var faults = _system.ActorOf(Props.Create(() => new MessageSink(_faults)), "faults");
        _system.EventStream.Subscribe(faults, typeof(Akka.Event.Error));
        var pauses = _system.ActorOf(Props.Create(() => new MessageSink(_pauses)), "pauses");
        _system.EventStream.Subscribe(pauses, typeof(PauseStateChanged));
        Root = _system.ActorOf(PoolerRoot.Props(loaded.Settings, loader, Network.Loops, log, Network.Time, new FakeResolver()), ActorNames.Root);
        Root.Tell(StartPooler.Instance, _sink);
        Require(Network.Run(() => _answers.Count > 0, TimeSpan.FromSeconds(10)) && _answers[0] is PoolerStarted, "the pooler starts");
        _answers.Clear();
    }

    internal SimulatedNetwork Network { get; }

    internal FakePostgres Postgres { get; }

    /// <summary>Its configuration files.</summary>
    internal SimulatedFiles Files { get; }

    /// <summary>The pooler's root.</summary>
    internal IActorRef Root { get; }

    /// <summary>Faults and broken connections may end a cancel request for its sender before the server has it.</summary>
    internal bool MayLoseCancels { get; set; }

    /// <summary>Some clients ask for other versions of the protocol than 3.0.</summary>
    internal bool HasOtherVersions { get; set; }

    /// <summary>Who is at the console; null: nobody.</summary>
    internal SimulatedOperator? Operator { get; set; }

    /// <summary>All clients so far.</summary>
    internal IReadOnlyList<ScriptedClient> Clients => _clients;

    /// <summary>The last lines of the log.</summary>
    internal IEnumerable<string> Log => _log;

    public void Emit(LogEvent logEvent)
    {
        _log.Enqueue($"{Network.Now} {logEvent.Level} {logEvent.RenderMessage(System.Globalization.CultureInfo.InvariantCulture)}");
        if (_log.Count > LogLinesKept)
        {
            _log.Dequeue();
        }
    }

    /// <summary>Writes the pooler's ini file, for the start or a reload.</summary>
    internal void WriteSettings(string databases) => Files["pooler.ini"] = $"""
        [databases]
        {databases}
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = 6432
        unix_socket_dir =
        auth_type = trust
        pool_mode = transaction
        auth_file = users
        admin_users = user1
        default_pool_size = 2
        query_wait_notify = 0
        log_stats = 0
        {_settings}
        """;

    /// <summary>A client that plays its script from now on.</summary>
    internal ScriptedClient Connect(
        string database = "transaction",
        string user = "user1",
        ClientHabits habits = ClientHabits.AllButDeaths,
        int rounds = 10,
        Func<ScriptedClient, IEnumerable<Pause>>? script = null,
        params KeyValuePair<string, string>[] parameters)
    {
        var client = new ScriptedClient(Network, Pooler, Postgres, _clients.Count + 1, database, user)
        {
            Habits = script is null ? habits : ClientHabits.Queries,
            Rounds = rounds,
            IsStatementMode = database == "statement",
            IsSessionMode = database == "session",
            Script = script,
            Version = HasOtherVersions ? Versions[_clients.Count % Versions.Length] : ProtocolCode.Version3,
            Parameters = parameters,
        };
        _clients.Add(client);
        client.Start();
        return client;
    }

    /// <summary>Runs until the condition holds; throws with all that is known when it does not or something goes wrong.</summary>
    internal void Until(Func<bool> condition, string what, int seconds = 120)
    {
        var holds = Network.Run(() => condition() || IsWrong(), TimeSpan.FromSeconds(seconds));
        RequireNothingWrong();
        Require(holds, what);
    }

    /// <summary>Runs for a time of the virtual clock.</summary>
    internal void RunFor(TimeSpan time)
    {
        Network.RunFor(time);
        RequireNothingWrong();
    }

    /// <summary>Tells the actors that a path with wildcards below the root names.</summary>
    internal void Tell(string path, object message) => _system.ActorSelection($"/user/{ActorNames.Root}/{path}").Tell(message, _sink);

    /// <summary>The state of every pool.</summary>
    internal IReadOnlyList<PoolSnapshot> CollectPools()
    {
        var id = ++_lastQuestion;
        _answers.Clear();
        Tell(ActorNames.Pools, new CollectPools(id));
        Require(
            Network.Run(
                () => _answers.OfType<PoolsAnnounced>().FirstOrDefault() is { } announced
                    && _answers.OfType<PoolCollected>().Count() == announced.PoolCount,
                TimeSpan.FromSeconds(1)),
            "the pools answer");
        return [.. _answers.OfType<PoolCollected>().Select(answer => answer.Pool)];
    }

    /// <summary>The clients that the pooler has.</summary>
    internal IReadOnlyList<SocketSnapshot> CollectClients()
    {
        var id = ++_lastQuestion;
        _answers.Clear();
        Tell("loop-*", new CollectClients(id));
        Require(
            Network.Run(() => _answers.OfType<ClientsCollected>().Count() == Network.Loops.Count, TimeSpan.FromSeconds(1)), "the loops answer");
        return [.. _answers.OfType<ClientsCollected>().SelectMany(answer => answer.Clients)];
    }

    /// <summary>Tells the root or a console's neighbour something and gives the first answer.</summary>
    internal T Ask<T>(string path, object message)
    {
        _answers.Clear();
        Tell(path, message);
        Require(Network.Run(() => _answers.OfType<T>().Any(), TimeSpan.FromMinutes(1)), $"{path} answers {message}");
        return _answers.OfType<T>().First();
    }

    /// <summary>What must be true when all clients have left: nothing is out, nothing is held, nobody waits.</summary>
    internal void RequireRest()
    {
        // A look at every client after every step would take most of the time.
        var steps = 0;
        var ended = Network.Run(
            () => ++steps % 32 == 0 && ((_clients.TrueForAll(client => client.IsDone) && Operator is not { HasLeft: false }) || IsWrong()), TimeSpan.FromSeconds(300));
        RequireNothingWrong();
        Require(ended, $"all scripts come to their end, {(Operator is { HasLeft: false } ? "but the operator is there" : $"but {DescribePauses()}")}");
        RunFor(TimeSpan.FromSeconds(20));
        var left = CollectClients();
        Require(left.Count == 0, $"no client is left, but {left.Count} are");
        var pools = CollectPools();
        for (var patience = 100; patience > 0 && pools.Any(pool => pool.ServerLogin > 0); patience--)
        {
            // The smallest number of servers may have to be made up for just now.
            RunFor(TimeSpan.FromMilliseconds(100));
            pools = CollectPools();
        }

        foreach (var pool in pools)
        {
            Require(
                pool is { ClientActive: 0, ClientWaiting: 0, ClientActiveCancelRequest: 0, ClientWaitingCancelRequest: 0 }
                    and { ServerActive: 0, ServerTested: 0, ServerBeingCanceled: 0, ServerActiveCancel: 0 },
                $"the pool is at rest: {pool}");
            Require(
                pool.Servers.Count(server => server.State is SocketState.ServerIdle or SocketState.ServerUsed) == pool.Servers.Length,
                $"all servers are idle: {pool}");
        }

        for (var i = 0; i < Network.Loops.Count; i++)
        {
            Require(Network.Loops[i].Buffers.Rented == 0, $"loop {i} has no buffer out, but {Network.Loops[i].Buffers.Rented} are");
        }

        foreach (var client in _clients.Where(client => client.HasFinished))
        {
            Require(Postgres.Interrupts.Missing(client.Id) == 0, $"all that was said to {client} has reached it");
        }

        Require(Postgres.Backends.All(backend => backend.User is null), "every session of the server is free");
    }

    /// <summary>Requires that no client lost its connection before its script was over.</summary>
    internal void RequireNobodyCutOff()
    {
        foreach (var client in _clients)
        {
            Require(client.End is null || client.MayBeCutOff, $"nobody loses the connection, but {client}: {client.FatalText}");
        }
    }

    /// <summary>Requires that no pause, suspension or disabling is left of what was ordered at the console.</summary>
    internal void RequireNothingPaused()
    {
        Require(_pauses.Count == 0 || _pauses[^1] is PauseStateChanged { IsPaused: false, IsSuspended: false }, $"nothing is paused, but {DescribePauses()}");
        CollectPools();
        foreach (var database in _answers.OfType<PoolsAnnounced>().Single().Databases)
        {
            Require(database is { Paused: false, Disabled: false }, $"no database is paused, but {database}");
        }
    }

    /// <summary>Requires that no actor has thrown.</summary>
    internal void RequireNoFaults() => Require(_faults.Count == 0, $"no actor throws, but {_faults.FirstOrDefault()}");

    /// <summary>Throws with the seed and the log when the condition does not hold.</summary>
    internal void Require(bool condition, string what)
    {
        if (condition)
        {
            return;
        }

        throw new SimulationFailedException(
            $"seed {Network.Seed}, {Network.Now} us: expected that {what}\n"
            + $"{string.Join('\n', _clients.Where(client => !client.IsDone))}\nlog:\n{string.Join('\n', _log)}");
    }

    public void Dispose()
    {
        var ended = _system.Terminate();
        Network.Run(() => ended.IsCompleted, TimeSpan.FromMinutes(1));
        Network.Dispose();
    }

    private string DescribePauses() => $"the last word on the pause of everything is {(_pauses.Count == 0 ? "none" : _pauses[^1])}";

    private bool IsWrong() =>
        Postgres.Violations.Count > 0 || Postgres.Interrupts.Violations.Count > 0 || !Network.Failures.IsEmpty || _clients.Exists(client => client.Violation is not null);

    private void RequireNothingWrong()
    {
        foreach (var failure in Network.Failures)
        {
            Require(false, $"nothing throws, but: {failure}");
        }

        foreach (var violation in Postgres.Violations.Concat(Postgres.Interrupts.Violations))
        {
            Require(false, $"the server is used well, but {violation}");
        }

        foreach (var client in _clients)
        {
            Require(client.Violation is null, $"clients receive what is theirs, but {client.Violation}\n{client}");
        }
    }
}
