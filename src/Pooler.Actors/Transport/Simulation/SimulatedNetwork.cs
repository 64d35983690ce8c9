using System.Collections.Concurrent;
using System.Net;

namespace Pooler.Actors.Transport.Simulation;

/// <summary>
/// A network, its clock and any number of loops in one thread, that of the caller of <see cref="Step"/> and
/// <see cref="Run(Func{bool}, TimeSpan?)"/>. Everything random comes from the seed, so the same seed gives the same run. Time is virtual: it
/// moves a little with every turn of a loop and jumps to the next event when nothing is left to do. Only <see cref="Loop.Execute"/> may be called
/// by other threads.
/// </summary>
public sealed partial class SimulatedNetwork : IDisposable
{
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan PatienceWithOtherThreads = TimeSpan.FromMilliseconds(500);
    private static int _lastId;

    private readonly Random _random;
    private readonly PriorityQueue<Action, (long Time, long Number)> _events = new();
    private readonly SimulatedLoop[] _loops;
    private readonly List<SimulatedLoop> _busy = [];
    private long _eventNumber;
    private int _thread;

    /// <param name="seed">Decides everything that is random.</param>
    /// <param name="loops">Number of loops.</param>
    /// <param name="options">How unkind the network is.</param>
    /// <param name="packetBuffer">Setting pkt_buf.</param>
    public SimulatedNetwork(int seed, int loops = 1, SimulationOptions? options = null, int packetBuffer = 4096)
    {
        Seed = seed;
        _random = new Random(seed);
        Options = options ?? new SimulationOptions();
        Now = 1_000_000;
        _thread = Environment.CurrentManagedThreadId;
        _loops = new SimulatedLoop[loops];
        for (var i = 0; i < loops; i++)
        {
            _loops[i] = new SimulatedLoop(this, i, packetBuffer);
        }

        Loops = new LoopSet($"simulation-{Interlocked.Increment(ref _lastId)}", [.. _loops], null);
        Time = new SimulatedTime(this);
    }

    /// <summary>The seed of this run, for a failing test's message.</summary>
    public int Seed { get; }

    /// <summary>How unkind the network is; may be changed during a run.</summary>
    public SimulationOptions Options { get; set; }

    /// <summary>The loops, as a set that dispatchers can be configured with.</summary>
    public LoopSet Loops { get; }

    /// <summary>Virtual time in microseconds.</summary>
    public long Now { get; private set; }

    /// <summary>The virtual clock, with timers that fire in virtual time.</summary>
    public TimeProvider Time { get; }

    /// <summary>Exceptions that work or signals let escape; a test asserts that there are none.</summary>
    public ConcurrentQueue<Exception> Failures { get; } = new();

    /// <summary>While true, listeners find no free descriptor.</summary>
    public bool DescriptorsExhausted { get; set; }

    internal DateTimeOffset WallClock => Epoch.AddMicroseconds(Now);

    /// <summary>True for the thread that runs the network.</summary>
    internal bool IsThread => Environment.CurrentManagedThreadId == _thread;

    /// <summary>Runs a loop that has something to do for one turn, or else the next event. False when there is neither.</summary>
    public bool Step()
    {
        _thread = Environment.CurrentManagedThreadId;
        while (_events.TryPeek(out _, out var next) && next.Time <= Now)
        {
            RunEvent(_events.Dequeue());
        }

        _busy.Clear();
        foreach (var loop in _loops)
        {
            if (loop.IsBusy)
            {
                _busy.Add(loop);
            }
        }

        if (_busy.Count > 0)
        {
            _busy[_busy.Count == 1 ? 0 : _random.Next(_busy.Count)].Turn();
            Now += 1 + _random.Next(20);
            return true;
        }

        if (!_events.TryDequeue(out var planned, out var priority))
        {
            return false;
        }

        Now = priority.Time;
        RunEvent(planned);
        return true;
    }

    /// <summary>
    /// Runs until the condition holds and gives true, or false when nothing is left to do or <paramref name="limit"/> (virtual, an hour when null)
    /// has passed.
    /// </summary>
    public bool Run(Func<bool> until, TimeSpan? limit = null)
    {
        var end = Now + (long)(limit ?? TimeSpan.FromHours(1)).TotalMicroseconds;
        while (!until())
        {
            if (Now >= end)
            {
                return false;
            }

            // With nothing left to do here, other threads may still be at work for this network.
            if (!Step() && !SpinWait.SpinUntil(() => until() || HasBusyLoop(), PatienceWithOtherThreads))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Runs for a virtual time, whether or not anything happens in it.</summary>
    public void RunFor(TimeSpan time)
    {
        var passed = false;
        Plan((long)time.TotalMicroseconds, () => passed = true);
        while (!passed)
        {
            Step();
        }
    }

    /// <summary>Runs <paramref name="action"/> in the network's thread after a virtual time.</summary>
    public void After(TimeSpan time, Action action) => Plan((long)time.TotalMicroseconds, action);

    /// <summary>A random number below <paramref name="limit"/> from the seed, for scripts that want to vary too.</summary>
    public int Random(int limit) => _random.Next(limit);

    /// <summary>Frees the id of <see cref="Loops"/>.</summary>
    public void Dispose() => Loops.Dispose();

    /// <summary>
    /// HOCON that puts a whole actor system into this network: a dispatcher for each loop, the default and the internal dispatcher on loop 0, and
    /// timers in virtual time.
    /// </summary>
    public string ActorSystemConfiguration(int throughput = 30) =>
        Loops.DispatcherConfiguration(throughput) + Loops.DefaultDispatcherConfiguration(0, throughput) +
        $$"""
        akka.scheduler {
          implementation = "Pooler.Actors.Transport.Simulation.SimulatedScheduler, Pooler.Actors"
          loops = "{{Loops.Id}}"
        }

        # Loggers are actors too and answer only when the network runs: starting the system must not wait for them.
        akka.logger-async-start = on

        """;

    /// <summary>Like <see cref="After"/>; a thread that is not the network's leaves the planning to the next turn of loop 0.</summary>
    internal void PlanFromAnyThread(TimeSpan delay, Action action)
    {
        if (IsThread)
        {
            After(delay, action);
        }
        else
        {
            Loops[0].Execute(new DelayedWork(this, delay, action));
        }
    }

    /// <summary>Plans an event; those of one time come in the order of planning.</summary>
    internal void Plan(long delay, Action action) => _events.Enqueue(action, (Now + Math.Max(0, delay), _eventNumber++));

    internal int PickCapacity() => _random.Next(Options.SmallestBuffer, Options.LargestBuffer + 1);

    internal long PickDelay() => _random.NextInt64((long)Options.LongestDelay.TotalMicroseconds + 1);

    internal long PickDeliveryDelay() => PickDelay() + (Happens(Options.StallProbability) ? (long)Options.StallTime.TotalMicroseconds : 0);

    internal bool PicksReset() => Happens(Options.ResetProbability);

    /// <summary>How many of <paramref name="count"/> bytes one delivery brings.</summary>
    internal int PickPart(int count)
    {
        if (count <= 1)
        {
            return count;
        }

        if (Happens(Options.SingleByteProbability))
        {
            return 1;
        }

        return Happens(Options.SplitProbability) ? _random.Next(1, count + 1) : count;
    }

    /// <summary>How many work items a loop runs before others have their turn.</summary>
    internal int PickWork(int count) => count <= 1 ? count : _random.Next(1, count + 1);

    /// <summary>A new loopback address for a client.</summary>
    internal PeerAddress PickClientAddress(ConnectTarget target) => target switch
    {
        ConnectTarget.Unix unix => new PeerAddress(AddressKind.Unix, "unix", unix.Port, 1000 + (_lastPort++ % 30_000), 1000),
        ConnectTarget.Tcp { Address.AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6 } =>
            new PeerAddress(AddressKind.IPv6, IPAddress.IPv6Loopback.ToString(), _lastPort++),
        _ => new PeerAddress(AddressKind.IPv4, "127.0.0.1", _lastPort++),
    };

    private bool HasBusyLoop()
    {
        foreach (var loop in _loops)
        {
            if (loop.IsBusy)
            {
                return true;
            }
        }

        return false;
    }

    private bool Happens(double probability) => probability > 0 && _random.NextDouble() < probability;

    private void RunEvent(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception)
        {
            Failures.Enqueue(exception);
        }
    }
}
