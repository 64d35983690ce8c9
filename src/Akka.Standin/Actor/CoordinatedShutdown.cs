using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// Shuts a system down in phases (akka.coordinated-shutdown.phases): the tasks of one phase run side by side, phases one after another.
/// It runs once; whoever asks again gets the same task.
/// </summary>
public sealed class CoordinatedShutdown : IExtension
{
    public const string PhaseBeforeServiceUnbind = "before-service-unbind";
    public const string PhaseServiceUnbind = "service-unbind";
    public const string PhaseServiceRequestsDone = "service-requests-done";
    public const string PhaseServiceStop = "service-stop";
    public const string PhaseBeforeClusterShutdown = "before-cluster-shutdown";
    public const string PhaseClusterShardingShutdownRegion = "cluster-sharding-shutdown-region";
    public const string PhaseClusterLeave = "cluster-leave";
    public const string PhaseClusterExiting = "cluster-exiting";
    public const string PhaseClusterExitingDone = "cluster-exiting-done";
    public const string PhaseClusterShutdown = "cluster-shutdown";
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";
    public const string PhaseActorSystemTerminate = "actor-system-terminate";

    private readonly Lock _lock = new();
    private readonly List<ShutdownPhase> _phases;
    private readonly Dictionary<string, List<(string Name, Func<Task<Done>> Task)>> _tasks = new(StringComparer.Ordinal);
    private readonly Config _config;
    private Task<Done>? _run;

    internal CoordinatedShutdown(ExtendedActorSystem system)
    {
        System = system;
        _config = system.Settings.Config.GetConfig("akka.coordinated-shutdown") ?? Config.Empty;
        _phases = ShutdownPhase.ReadAll(_config);
        AddTask(PhaseActorSystemTerminate, "terminate-system", TerminateSystem);
    }

    public ExtendedActorSystem System { get; }

    /// <summary>Null until the shutdown has begun.</summary>
    public Reason ShutdownReason { get; private set; } = null!;

    /// <summary>The longest that all phases can take together.</summary>
    public TimeSpan TotalTimeout => _phases.Aggregate(TimeSpan.Zero, (sum, phase) => sum + phase.Timeout);

    public static CoordinatedShutdown Get(ActorSystem sys) => sys.WithExtension<CoordinatedShutdown, CoordinatedShutdownExtension>();

    public TimeSpan Timeout(string phase) => PhaseOf(phase).Timeout;

    /// <summary>Adds to a phase; to one that is over already without effect.</summary>
    public void AddTask(string phase, string taskName, Func<Task<Done>> task)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentException.ThrowIfNullOrEmpty(taskName);
        PhaseOf(phase);
        lock (_lock)
        {
            if (!_tasks.TryGetValue(phase, out List<(string Name, Func<Task<Done>> Task)>? tasks))
            {
                _tasks.Add(phase, tasks = []);
            }

            tasks.Add((taskName, task));
        }
    }

    /// <param name="reason">Kept from the first call.</param>
    /// <param name="fromPhase">Leaves out those before it; null: all run.</param>
    public Task<Done> Run(Reason reason, string? fromPhase = null)
    {
        if (fromPhase is not null)
        {
            PhaseOf(fromPhase);
        }

        TaskCompletionSource<Done> run;
        lock (_lock)
        {
            if (_run is not null)
            {
                return _run;
            }

            run = new TaskCompletionSource<Done>(TaskCreationOptions.RunContinuationsAsynchronously);
            _run = run.Task;
            ShutdownReason = reason;
        }

        _ = RunPhases(run, fromPhase);
        return run.Task;
    }

    private async Task RunPhases(TaskCompletionSource<Done> run, string? fromPhase)
    {
        try
        {
            int first = fromPhase is null ? 0 : _phases.FindIndex(phase => phase.Name == fromPhase);
            foreach (ShutdownPhase phase in _phases.Skip(first))
            {
                await RunPhase(phase).ConfigureAwait(false);
            }

            run.TrySetResult(Done.Instance);
        }
        catch (Exception e)
        {
            run.TrySetException(e);
        }
    }

    private async Task RunPhase(ShutdownPhase phase)
    {
        (string Name, Func<Task<Done>> Task)[] tasks;
        lock (_lock)
        {
            tasks = _tasks.TryGetValue(phase.Name, out List<(string Name, Func<Task<Done>> Task)>? list) ? [.. list] : [];
        }

        if (!phase.Enabled || tasks.Length == 0)
        {
            return;
        }

        Task all = Task.WhenAll(tasks.Select(task => RunTask(phase, task.Name, task.Task)));
        try
        {
            await all.WaitAsync(phase.Timeout).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!all.IsCompleted)
        {
            if (!phase.Recover)
            {
                throw new TimeoutException($"Coordinated shutdown phase [{phase.Name}] timed out after {phase.Timeout}");
            }

            System.Log.Warning("Coordinated shutdown phase [{0}] timed out after {1}", phase.Name, phase.Timeout);
        }
    }

    private async Task RunTask(ShutdownPhase phase, string name, Func<Task<Done>> task)
    {
        try
        {
            await task().ConfigureAwait(false);
        }
        catch (Exception e) when (phase.Recover)
        {
            System.Log.Warning("Task [{0}] failed in phase [{1}]: {2}", name, phase.Name, e.Message);
        }
    }

    private async Task<Done> TerminateSystem()
    {
        if (!_config.GetBoolean("terminate-actor-system", true))
        {
            return Done.Instance;
        }

        ((ActorSystemImpl)System).StopActors();
        await System.WhenTerminated.ConfigureAwait(false);
        if (_config.GetBoolean("exit-clr"))
        {
            Environment.Exit(0);
        }

        return Done.Instance;
    }

    private ShutdownPhase PhaseOf(string phase) => _phases.Find(each => each.Name == phase)
        ?? throw new ConfigurationException($"Unknown phase [{phase}], known phases [{string.Join(", ", _phases.Select(each => each.Name))}]. All phases (along with their optional dependencies) must be defined in configuration.");

    /// <summary>Why a system is shut down.</summary>
    public class Reason
    {
        protected Reason()
        {
        }
    }

    public class UnknownReason : Reason
    {
        public static readonly Reason Instance = new UnknownReason();

        private UnknownReason()
        {
        }
    }

    /// <summary>ActorSystem.Terminate was called.</summary>
    public class ActorSystemTerminateReason : Reason
    {
        public static readonly Reason Instance = new ActorSystemTerminateReason();

        private ActorSystemTerminateReason()
        {
        }
    }

    /// <summary>The process exits.</summary>
    public class ClrExitReason : Reason
    {
        public static readonly Reason Instance = new ClrExitReason();

        private ClrExitReason()
        {
        }
    }
}
