using Akka.Actor;
using Pooler.Actors.Auth;
using Pooler.Actors.Cancel;
using Pooler.Actors.Clients;
using Pooler.Actors.Configuration;
using Pooler.Actors.Logging;
using Pooler.Actors.Pools;
using Pooler.Actors.Relay.Prepared;
using Pooler.Actors.Transport;
using Pooler.Actors.Wire;
using Serilog;
using Serilog.Events;

namespace Pooler.Actors.Supervision;

/// <summary>
/// What the actors of one loop have in common: the loop itself, the settings in force, where the pools of this loop are. Belongs to the loop's thread;
/// the loop's own actor is the only one that changes it when settings change.
/// </summary>
internal sealed class LoopContext
{
    public LoopContext(
        Loop loop,
        PoolerSettings settings,
        ILogger log,
        PoolerCounters counters,
        TrackedParameters tracked,
        AuthenticationCache authentication,
        PreparedStatementCache statements)
    {
        Loop = loop;
        Log = log;
        Counters = counters;
        Tracked = tracked;
        Authentication = authentication;
        Statements = new StatementRewriter(statements);
        Settings = settings;
        SocketOptions = SocketOptionsOf(settings);
        IgnoredStartupParameters = NameList.Split(settings.Global.IgnoreStartupParameters);
    }

    public Loop Loop { get; }

    public ILogger Log { get; }

    public PoolerCounters Counters { get; }

    /// <summary>The parameters that are carried from server to server; fixed for the life of the process.</summary>
    public TrackedParameters Tracked { get; }

    /// <summary>What logins of the whole process share.</summary>
    public AuthenticationCache Authentication { get; }

    /// <summary>The name cache of the whole process.</summary>
    public IActorRef Dns { get; init; } = ActorRefs.Nobody;

    /// <summary>Carries named statements from server to server; the texts are shared by the whole process.</summary>
    public StatementRewriter Statements { get; }

    /// <summary>The settings in force.</summary>
    public PoolerSettings Settings { get; private set; }

    /// <summary>The options of new sockets.</summary>
    public SocketOptions SocketOptions { get; private set; }

    /// <summary>The names of ignore_startup_parameters.</summary>
    public IReadOnlyList<string> IgnoredStartupParameters { get; private set; }

    /// <summary>Set once the pooler goes down: no new logins but the console's.</summary>
    public bool IsShuttingDown { get; set; }

    /// <summary>Set by SHUTDOWN WAIT_FOR_SERVERS: clients that need a server are turned away.</summary>
    public bool IsDrainingServers { get; set; }

    /// <summary>
    /// Set while SUSPEND holds the servers of this loop: nothing happens by time, and no server is opened. What is read where is up to who reads.
    /// </summary>
    public bool IsSuspended { get; set; }

    /// <summary>Bytes of messages under construction; emptied before each use, never kept across messages of an actor.</summary>
    public MessageWriter Writer { get; } = new();

    /// <summary>The pools that live on this loop.</summary>
    public Dictionary<PoolKey, IActorRef> Pools { get; } = [];

    /// <summary>The clients of this loop, logged in or not; for the console's lists.</summary>
    public HashSet<ClientConnection> Clients { get; } = [];

    /// <summary>Who is cancelled by which key: the clients and consoles of this loop.</summary>
    public Dictionary<CancelKey, ICancelTarget> CancelTargets { get; } = [];

    /// <summary>Takes new settings on.</summary>
    public void Apply(PoolerSettings settings)
    {
        Settings = settings;
        SocketOptions = SocketOptionsOf(settings);
        IgnoredStartupParameters = NameList.Split(settings.Global.IgnoreStartupParameters);
    }

    /// <summary>Logs that a connection to a server stands.</summary>
    public void LogServerConnection(string name, Connection connection)
    {
        if (Settings.Global.LogConnections)
        {
            var local = connection.Local;
            Log.Line(LogEventLevel.Information, name, local.Kind == AddressKind.Unix ? "new connection to server" : $"new connection to server (from {local})");
        }
    }

    /// <summary>Logs why a connection ends that began at <paramref name="start"/>, microseconds of the loop.</summary>
    public void LogClosing(string name, string reason, long start)
    {
        if (Settings.Global.LogDisconnections)
        {
            Log.Line(LogEventLevel.Information, name, $"closing because: {reason} (age={(Loop.Now - start) / 1_000_000}s)");
        }
    }

    /// <summary>The number of the loop on which the pool of this key lives.</summary>
    public static int HomeLoop(in PoolKey key, int loops) => (int)((uint)key.GetStableHashCode() % (uint)loops);

    /// <summary>The tcp_* settings as options of a socket.</summary>
    public static SocketOptions SocketOptionsOf(PoolerSettings settings) => new()
    {
        KeepAlive = settings.Global.TcpKeepalive,
        KeepCount = settings.Global.TcpKeepcnt,
        KeepIdle = settings.Global.TcpKeepidle,
        KeepInterval = settings.Global.TcpKeepintvl,
        SocketBuffer = settings.Global.TcpSocketBuffer,
        UserTimeout = settings.Global.TcpUserTimeout,
    };
}
