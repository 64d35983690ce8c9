using System.Collections.Concurrent;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The actor system.</summary>
internal sealed class ActorSystemImpl : ExtendedActorSystem
{
    /// <summary>Where the answers to questions are awaited that no system is known for.</summary>
    internal static readonly ActorPath DetachedTempPath = new RootActorPath(new Address("akka", "detached")) / "temp";

    private static long _lastUid;

    private readonly ConcurrentDictionary<Type, Lazy<object>> _extensions = new();
    private readonly ConcurrentStack<Action> _terminationHooks = new();
    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Deployer _deployer;
    private readonly SchedulerBase _scheduler;
    private readonly LocalActorRef _userGuardian;
    private readonly LocalActorRef _systemGuardian;
    private int _terminating;

    internal ActorSystemImpl(string name, ActorSystemSetup setup)
    {
        if (string.IsNullOrEmpty(name) || !char.IsAsciiLetterOrDigit(name[0]) || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')))
        {
            throw new ArgumentException(
                $"invalid ActorSystem name [{name}], must contain only word characters (i.e. [a-zA-Z0-9] plus non-leading '-' and '_')", nameof(name));
        }

        Name = name;
        Config given = setup.Get<BootstrapSetup>().FlatSelect(bootstrap => bootstrap.Config).GetOrElse(Config.Empty);
        Settings = new Settings(this, given.WithFallback(ConfigurationFactory.Default()), setup);
        EventStream = new EventStream(false);
        EventStream.SetLogLevel(Logging.LogLevelFor(Settings.LogLevel));
        Log = new BusLogging(EventStream, $"ActorSystem({name})", typeof(ActorSystem), DefaultLogMessageFormatter.Instance);
        _scheduler = MakeScheduler();
        StartTime = _scheduler.MonotonicClock;
        Dispatchers = new Dispatchers(this);
        _deployer = new Deployer(Settings.Config);

        RootActorPath root = new(new Address("akka", name));
        TempPath = root / "temp";
        DeadLetterRef = new DeadLetterActorRef(root / "deadLetters", EventStream);
        MessageDispatcher dispatcher = Dispatchers.Lookup(Dispatchers.InternalDispatcherId);
        SupervisorStrategy strategy = SupervisorStrategyConfigurator.CreateConfigurator(Settings.SupervisorStrategyClass).Create();
        RootRef = new LocalActorRef(root);
        _ = new ActorCell(this, RootRef, Props.Create(typeof(RootGuardian)), dispatcher, new RootSupervisor(root, this));
        RootRef.Cell.PrepareForOutsiders();
        _systemGuardian = (LocalActorRef)RootRef.Cell.ActorOf(GuardianProps(SupervisorStrategy.DefaultStrategy), "system");
        _userGuardian = (LocalActorRef)RootRef.Cell.ActorOf(GuardianProps(strategy), "user");
        _systemGuardian.Cell.PrepareForOutsiders();
        _userGuardian.Cell.PrepareForOutsiders();
    }

    public override string Name { get; }

    public override Settings Settings { get; }

    public override Dispatchers Dispatchers { get; }

    public override EventStream EventStream { get; }

    public override IActorRef DeadLetters => DeadLetterRef;

    public override IScheduler Scheduler => _scheduler;

    public override ILoggingAdapter Log { get; }

    public override Task WhenTerminated => _terminated.Task;

    internal DeadLetterActorRef DeadLetterRef { get; }

    internal LocalActorRef RootRef { get; }

    internal ActorPath TempPath { get; }

    internal LocalActorRef UserGuardian => _userGuardian;

    internal LocalActorRef SystemGuardian => _systemGuardian;

    internal bool IsTerminating => Volatile.Read(ref _terminating) != 0;

    public override IActorRef ActorOf(Props props, string? name = null) => _userGuardian.Cell.ActorOf(props, name);

    public override IActorRef SystemActorOf(Props props, string? name = null) => _systemGuardian.Cell.ActorOf(props, name);

    public override IActorRef SystemActorOf<TActor>(string? name = null) => SystemActorOf(Props.Create<TActor>(), name);

    public override ActorSelection ActorSelection(ActorPath actorPath) => Actor.ActorSelection.From(this, actorPath);

    public override ActorSelection ActorSelection(string actorPath) => Actor.ActorSelection.From(this, RootRef, actorPath);

    public override void Stop(IActorRef actor)
    {
        if (actor is LocalActorRef { IsNoActor: false } local)
        {
            local.Cell.Terminate();
        }
    }

    public override Task Terminate()
    {
        if (Settings.CoordinatedShutdownRunByActorSystemTerminate)
        {
            CoordinatedShutdown.Get(this).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        }
        else
        {
            StopActors();
        }

        return WhenTerminated;
    }

    public override void RegisterOnTermination(Action code) => _terminationHooks.Push(code);

    public override object RegisterExtension(IExtensionId extension) =>
        _extensions.GetOrAdd(extension.ExtensionType, _ => new Lazy<object>(() => extension.CreateExtension(this))).Value;

    public override object GetExtension(IExtensionId extensionId) => RegisterExtension(extensionId);

    public override T GetExtension<T>() => TryGetExtension(out T extension)
        ? extension
        : throw new InvalidOperationException($"Trying to get non-existent extension {typeof(T)}.");

    public override bool HasExtension(Type type) => _extensions.ContainsKey(type);

    public override bool HasExtension<T>() => HasExtension(typeof(T));

    public override bool TryGetExtension(Type extensionType, out object extension)
    {
        bool found = _extensions.TryGetValue(extensionType, out Lazy<object>? known);
        extension = known?.Value!;
        return found;
    }

    public override bool TryGetExtension<T>(out T extension)
    {
        bool found = TryGetExtension(typeof(T), out object any);
        extension = (T)any;
        return found;
    }

    public override string ToString() => $"akka://{Name}";

    /// <summary>Makes reference and cell of an actor; the cell has still to be woken.</summary>
    internal LocalActorRef MakeActor(Props props, ActorCell parent, string name)
    {
        ActorPath parentPath = parent.Self.Path;
        LocalActorRef child = new(new ChildActorPath(parentPath, name, Interlocked.Increment(ref _lastUid)));
        MessageDispatcher dispatcher = !_deployer.IsEmpty && _deployer.DispatcherFor(child.Path) is { } deployed
            ? Dispatchers.Lookup(deployed)
            : DispatcherOf(props);
        _ = new ActorCell(this, child, props, dispatcher, (LocalActorRef)parent.Self);
        return child;
    }

    /// <summary>Loggers, extensions and the rest that needs a system that stands.</summary>
    internal void Start()
    {
        SystemLoggers.Start(this);
        CoordinatedShutdown.Get(this);
        foreach (string name in Settings.Config.GetStringList("akka.extensions", []))
        {
            Type type = Type.GetType(name) ?? throw new ConfigurationException($"[{name}] is not a known extension type");
            RegisterExtension((IExtensionId)Activator.CreateInstance(type)!);
        }

        if (Settings.LogConfigOnStart)
        {
            Log.Info("{0}", Settings);
        }
    }

    /// <summary>Stops the actors below /user, then those below /system.</summary>
    internal void StopActors()
    {
        if (Interlocked.Exchange(ref _terminating, 1) == 0)
        {
            _userGuardian.Cell.Terminate();
        }
    }

    /// <summary>The last actor has stopped.</summary>
    internal void FinishTermination()
    {
        while (_terminationHooks.TryPop(out Action? hook))
        {
            try
            {
                hook();
            }
            catch (Exception e)
            {
                Log.Error(e, "Failed to run termination callback");
            }
        }

        (_scheduler as IDisposable)?.Dispose();
        Dispatchers.Shutdown();
        _terminated.TrySetResult();
    }

    private static Props GuardianProps(SupervisorStrategy strategy) =>
        Props.Create(typeof(Guardian)).WithDispatcher(Dispatchers.InternalDispatcherId).WithSupervisorStrategy(strategy);

    private MessageDispatcher DispatcherOf(Props props)
    {
        DispatcherLookup? last = props.LastLookup;
        if (last is null || !ReferenceEquals(last.System, this))
        {
            props.LastLookup = last = new DispatcherLookup(this, Dispatchers.Lookup(props.Dispatcher));
        }

        return last.Dispatcher;
    }

    private SchedulerBase MakeScheduler()
    {
        Config config = Settings.Config.GetConfig("akka.scheduler") ?? Config.Empty;
        string name = Settings.SchedulerClass;
        if (name.Length == 0 || name.StartsWith("Akka.Actor.HashedWheelTimerScheduler", StringComparison.Ordinal))
        {
            return new RuntimeScheduler(config, Log);
        }

        Type type = Type.GetType(name) ?? throw new ConfigurationException($"Could not resolve scheduler type [{name}]");
        return Activator.CreateInstance(type, config, Log) as SchedulerBase
            ?? throw new ConfigurationException($"Scheduler [{name}] is not a SchedulerBase");
    }
}
