using System.Collections.Immutable;
using Akka.Actor;
using Pooler.Actors.Admin;
using Pooler.Actors.Auth;
using Pooler.Actors.Clients;
using Pooler.Actors.Configuration;
using Pooler.Actors.Dns;
using Pooler.Actors.Logging;
using Pooler.Actors.Pools;
using Pooler.Actors.Relay.Prepared;
using Pooler.Actors.Stats;
using Pooler.Actors.Transport;
using Pooler.Actors.Wire;
using Serilog;
using Serilog.Events;

namespace Pooler.Actors.Supervision;

/// <summary>
/// /user/pooler: makes the rest in order, passes new settings on, and ends the pooler in the way that was asked for. When a graceful end is
/// done it stops itself, and the tree with it. Lives on the default dispatcher.
/// </summary>
public sealed class PoolerRoot : UntypedActor, IWithTimers
{
    private const long ShutdownPauseId = -1;
    private static readonly TimeSpan CheckPeriod = TimeSpan.FromMilliseconds(50);

    private readonly PoolerSettings _settings;
    private readonly SettingsLoader _loader;
    private readonly LoopSet _loops;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly IDnsResolver _resolver;
    private readonly PoolerCounters _counters = new();
    private ImmutableArray<IActorRef> _loopActors = [];
    private IActorRef _pools = ActorRefs.Nobody;
    private IActorRef _listeners = ActorRefs.Nobody;
    private IActorRef _starter = ActorRefs.Nobody;
    private IActorRef _admin = ActorRefs.Nobody;
    private ShutdownMode? _shutdown;

    public PoolerRoot(PoolerSettings settings, SettingsLoader loader, LoopSet loops, ILogger log, TimeProvider time, IDnsResolver resolver)
    {
        _settings = settings;
        _loader = loader;
        _loops = loops;
        _log = log;
        _time = time;
        _resolver = resolver;
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="settings">The settings to start with.</param>
    /// <param name="loader">Reads them again on a reload.</param>
    /// <param name="loops">The I/O loops; they outlive the tree.</param>
    /// <param name="log">Where everything is logged.</param>
    /// <param name="time">The clock of everything that is on no loop.</param>
    /// <param name="resolver">Finds the addresses of servers' names.</param>
    public static Props Props(PoolerSettings settings, SettingsLoader loader, LoopSet loops, ILogger log, TimeProvider time, IDnsResolver resolver) =>
        Akka.Actor.Props.Create(() => new PoolerRoot(settings, loader, loops, log, time, resolver));

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(-1, -1, exception =>
        {
            // A child that is made anew has lost what it knew, so only those that can find it again are restarted.
            _log.Line(LogEventLevel.Error, $"a service actor failed: {exception}");
            return Directive.Resume;
        });

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case StartPooler:
                _starter = Sender;
                Start();
                break;
            case ListenersOpened:
                _starter.Tell(PoolerStarted.Instance, Self);
                break;
            case ListenersFailed failed:
                _starter.Tell(new PoolerStartFailed(failed.FatalText), Self);
                break;
            case ShutdownRequested request:
                ShutDown(request.Mode);
                break;
            case PoolCommandCompleted { Id: ShutdownPauseId }:
                _log.Line(LogEventLevel.Information, "server connections dropped, exiting");
                Context.Stop(Self);
                break;
            case ClientsCheck:
                if (_counters.Clients == 0)
                {
                    _log.Line(LogEventLevel.Information, "client connections dropped, exiting");
                    Context.Stop(Self);
                }

                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Start()
    {
        var tracked = new TrackedParameters(NameList.Split(_settings.Global.TrackExtraParameters));
        var authentication = new AuthenticationCache();
        var dns = Context.ActorOf(DnsActor.Props(_settings.Global, _resolver, _log, _time), ActorNames.Dns);
        var statements = new PreparedStatementCache();
        var contexts = new LoopContext[_loops.Count];
        for (var i = 0; i < contexts.Length; i++)
        {
            contexts[i] = new LoopContext(_loops[i], _settings, _log, _counters, tracked, authentication, statements) { Dns = dns };
        }

        _pools = Context.ActorOf(PoolsActor.Props(contexts, _settings, _log, _time), ActorNames.Pools);
        _loopActors = [.. contexts.Select(context => Context.ActorOf(LoopActor.Props(context), ActorNames.Loop(context.Loop.Index)))];
        _listeners = Context.ActorOf(ListenersActor.Props(contexts[0]), ActorNames.Listeners);

        // The loops first: a pool that gets its new database has the new settings too, or gets them in the same turn.
        var config = Context.ActorOf(ConfigActor.Props(_settings, _loader, [.. _loopActors, _pools, _listeners], _log), ActorNames.Configuration);
        var statistics = Context.ActorOf(StatsActor.Props(_settings.Global, _pools, _log, _time), ActorNames.Statistics);
        var neighbours = new AdminNeighbours(_pools, _loopActors, config, Self, statistics, dns) { Listeners = _listeners };
        _admin = Context.ActorOf(AdminActor.Props(_settings, neighbours, _log, _time), ActorNames.Admin);
        var tree = new PoolerTree(_loopActors, _pools, _admin);
        foreach (var loop in _loopActors)
        {
            loop.Tell(tree, Self);
        }

        _listeners.Tell(OpenListeners.Instance, Self);
    }

    private void ShutDown(ShutdownMode mode)
    {
        // The second request for an end, and the one for an immediate end, are the host's to carry out.
        if (_shutdown is not null)
        {
            return;
        }

        _shutdown = mode;
        var started = new ShutdownStarted(mode);
        _admin.Tell(started, Self);
        Context.System.EventStream.Publish(started);
        if (mode == ShutdownMode.Immediate)
        {
            return;
        }

        _listeners.Tell(CloseTcpListeners.Instance, Self);
        var drain = mode == ShutdownMode.WaitForServers;
        foreach (var loop in _loopActors)
        {
            loop.Tell(new LoopShuttingDown(drain), Self);
        }

        if (drain)
        {
            _pools.Tell(RefuseWaiters.Instance, Self);
            _pools.Tell(new PausePools(ShutdownPauseId, null), Self);
        }
        else
        {
            Timers.StartPeriodicTimer(ClientsCheck.Instance, ClientsCheck.Instance, TimeSpan.Zero, CheckPeriod);
        }
    }

    private sealed class ClientsCheck
    {
        public static readonly ClientsCheck Instance = new();
    }
}
