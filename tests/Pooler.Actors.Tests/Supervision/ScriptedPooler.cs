using System.Net;
using Akka.Actor;
using Akka.Configuration;
using Pooler.Actors.Configuration;
using Pooler.Actors.Supervision;
using Pooler.Actors.Tests.Admin;
using Pooler.Actors.Tests.Configuration;
using Pooler.Actors.Transport;
using Pooler.Actors.Transport.Simulation;
using Pooler.Testing.Simulation;

namespace Pooler.Actors.Tests.Supervision;

/// <summary>
/// A whole pooler in a simulated network where nothing happens by chance: the test says, message by message, what clients and servers do. For what must hold in any
/// order of events there is the simulation.
/// </summary>
internal sealed class ScriptedPooler : IDisposable
{
    private const string Users = "\"user\" \"secret\"\n\"other\" \"secret\"\n\"admin\" \"secret\"\n\"third\" \"secret\"\n\"reader\" \"secret\"\n";

    private static readonly ConnectTarget Listening = new ConnectTarget.Tcp(IPAddress.Loopback, 6432);
    private static readonly ConnectTarget Postgres = new ConnectTarget.Tcp(IPAddress.Parse("10.0.0.1"), 5432);

    private readonly MemoryFiles _files = new() { ["users.txt"] = Users };
    private readonly RecordingLog _log = new();
    private readonly List<object> _answers = [];
    private readonly ActorSystem _system;
    private readonly IActorRef _sink;

    /// <param name="settings">Lines of [pgbouncer] over those below.</param>
    /// <param name="databases">Lines of [databases].</param>
    public ScriptedPooler(string settings = "", string databases = "db = host=10.0.0.1")
    {
        Network = new SimulatedNetwork(1, 1, new SimulationOptions
        {
            SplitProbability = 0,
            SingleByteProbability = 0,
            LongestDelay = TimeSpan.FromMicroseconds(50),
            SmallestBuffer = 1 << 20,
            LargestBuffer = 1 << 20,
        });
        WriteFile(settings, databases);
        var loader = new SettingsLoader(_files);
        var loaded = loader.Load("pooler.ini");
        Assert.True(loaded.Settings is not null, string.Join('\n', loaded.Errors));
        Listen("10.0.0.1");
        const string Quiet = "akka.loglevel = OFF\nakka.stdout-loglevel = OFF\nakka.log-dead-letters = off\nakka.loggers = []\n";
        _system = ActorSystem.Create("scripted", ConfigurationFactory.ParseString(Network.ActorSystemConfiguration() + Quiet));
        _sink = _system.ActorOf(Props.Create(() => new Sink(_answers)), "sink");
        Root = _system.ActorOf(PoolerRoot.Props(loaded.Settings, loader, Network.Loops, _log.Logger, Network.Time, Resolver), ActorNames.Root);
        Root.Tell(StartPooler.Instance, _sink);
        Until(() => _answers.Any(answer => answer is PoolerStarted));
    }

    public SimulatedNetwork Network { get; }

    /// <summary>The name servers. A name must be set before it is used, but an address has a server only by <see cref="Listen"/>.</summary>
    public FakeResolver Resolver { get; } = new();

    public IActorRef Root { get; }

    /// <summary>Every connection that the pooler has made, in order: to log in or to carry a cancel request.</summary>
    public List<ScriptedServer> Servers { get; } = [];

    /// <summary>What a server does with a new connection; null: it logs the pooler in.</summary>
    public Action<ScriptedServer>? OnLogin { get; set; }

    /// <summary>What the test's own actor was told.</summary>
    public IReadOnlyList<object> Answers => _answers;

    public IReadOnlyCollection<string> Log => _log.Lines;

    /// <summary>Connects; the startup packet is not sent yet.</summary>
    public ScriptedClient Connect() => new(this, Network.ConnectPeer(Listening));

    /// <summary>A client that is logged in.</summary>
    public ScriptedClient Login(string user = "user", string database = "db")
    {
        var client = Connect();
        client.SendStartup(user, database);
        client.Expect("Z");
        return client;
    }

    /// <summary>Gives a console command in a session of its own: the tag of its answer, or the text of the error.</summary>
    public string Command(string text) => InConsole(console => console.Command(text));

    /// <summary>The rows that a console command answers with, columns between bars.</summary>
    public IReadOnlyList<string> Rows(string text) => InConsole(console => console.Rows(text));

    /// <summary>Tells the actor at a path below the root.</summary>
    public void Tell(string path, object message) => _system.ActorSelection($"/user/{ActorNames.Root}/{path}").Tell(message, _sink);

    /// <summary>Asks the registry of pools something, and gives the answer.</summary>
    public T Answer<T>(object question)
    {
        _answers.Clear();
        Tell(ActorNames.Pools, question);
        Until(() => _answers.OfType<T>().Any());
        return _answers.OfType<T>().First();
    }

    /// <summary>New settings, by a reload.</summary>
    public void Reload(string settings, string databases)
    {
        WriteFile(settings, databases);
        _answers.Clear();
        Tell(ActorNames.Configuration, ReloadSettings.Instance);
        Until(() => _answers.Any(answer => answer is ReloadSucceeded));
        Settle();
    }

    public void Until(Func<bool> condition, int seconds = 300)
    {
        Assert.True(Network.Run(condition, TimeSpan.FromSeconds(seconds)), "it does not come; log:\n" + string.Join('\n', _log.Lines));
        Assert.Empty(Network.Failures);
    }

    /// <summary>Lets everything happen that follows from what has happened, by less than one sweep.</summary>
    public void Settle() => RunFor(0.1);

    public void RunFor(double seconds)
    {
        Network.RunFor(TimeSpan.FromSeconds(seconds));
        Assert.Empty(Network.Failures);
    }

    /// <summary>From now on there is a server at this address too.</summary>
    public void Listen(string address) =>
        Network.AddServer(new ConnectTarget.Tcp(IPAddress.Parse(address), 5432), peer => Servers.Add(new ScriptedServer(this, peer)));

    /// <summary>Connections to the server neither succeed nor fail.</summary>
    public void SwallowConnections() => Network.Blackhole(Postgres);

    public void RefuseConnections() => Network.RemoveServer(Postgres);

    public void Dispose()
    {
        // Stops the tree as the end of the process does; the test may look at what clients and the log got of it.
        _ = _system.Terminate();
        Network.RunFor(TimeSpan.FromSeconds(1));
        Network.Dispose();
    }

    private T InConsole<T>(Func<ScriptedClient, T> use)
    {
        var console = Login("admin", "pgbouncer");
        var result = use(console);
        console.Send(writer => writer.WriteTerminate());
        Until(() => console.IsGone);
        return result;
    }

    private void WriteFile(string settings, string databases) =>
        _files["pooler.ini"] = $"""
            [databases]
            {databases}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = 6432
            unix_socket_dir =
            auth_type = trust
            auth_file = users.txt
            admin_users = admin
            stats_users = reader
            pool_mode = transaction
            log_stats = 0
            {settings}
            """;

    private sealed class Sink(List<object> answers) : UntypedActor
    {
        protected override void OnReceive(object message) => answers.Add(message);
    }
}
