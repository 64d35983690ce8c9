using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Pooler.Actors.Transport.Epoll;

namespace Pooler.Actors.Transport;

/// <summary>
/// The I/O loops of one pooler. A set is registered under an id of its own, because a dispatcher's configuration is text and finds its loop by that
/// id; so several actor systems can live in one process. Any thread.
/// </summary>
public sealed class LoopSet : IDisposable
{
    /// <summary>Name of the dispatcher of loop N without the N.</summary>
    public const string DispatcherPrefix = "pooler.io-loop-";

    private static readonly ConcurrentDictionary<string, LoopSet> Sets = new(StringComparer.Ordinal);

    private readonly Loop[] _loops;
    private readonly Action? _stop;
    private int _disposed;

    internal LoopSet(string id, Loop[] loops, Action? stop)
    {
        Id = id;
        _loops = loops;
        _stop = stop;
        if (!Sets.TryAdd(id, this))
        {
            throw new ArgumentException($"A loop set with the id {id} exists already.", nameof(id));
        }
    }

    /// <summary>The id that dispatcher configurations name.</summary>
    public string Id { get; }

    /// <summary>How many loops there are.</summary>
    public int Count => _loops.Length;

    /// <summary>Loop <paramref name="index"/>, 0 to <see cref="Count"/> - 1.</summary>
    public Loop this[int index] => _loops[index];

    /// <summary>
    /// Starts <paramref name="count"/> epoll loops, each on its thread. <paramref name="packetBuffer"/> is the setting pkt_buf;
    /// <paramref name="failed"/> hears, on the loop's thread, of exceptions that work or signals let escape (standard error when null);
    /// <paramref name="descriptors"/> is what connections may use of the process's (all of them when null).
    /// </summary>
    public static LoopSet StartEpoll(
        string id, int count, int packetBuffer, TimeProvider? time = null, Action<Loop, Exception>? failed = null, DescriptorBudget? descriptors = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(packetBuffer, 1);
        var loops = new EpollLoop[count];
        for (var i = 0; i < count; i++)
        {
            loops[i] = new EpollLoop(i, packetBuffer, time ?? TimeProvider.System, failed ?? WriteFailure, descriptors ?? DescriptorBudget.Unlimited);
        }

        var set = new LoopSet(id, [.. loops], () => StopAll(loops));
        foreach (var loop in loops)
        {
            loop.Start();
        }

        return set;
    }

    /// <summary>The set with this id; throws when there is none.</summary>
    public static LoopSet Get(string id) =>
        Sets.TryGetValue(id, out var set) ? set : throw new ArgumentException($"There is no loop set with the id {id}.", nameof(id));

    /// <summary>The dispatcher of a loop: actors made with it run on the loop's thread.</summary>
    public static string DispatcherName(Loop loop) => DispatcherPrefix + loop.Index.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// HOCON for the dispatchers of all loops; <paramref name="throughput"/> messages of one actor run before others have their turn.
    /// </summary>
    public string DispatcherConfiguration(int throughput = 30)
    {
        var text = new StringBuilder();
        foreach (var loop in _loops)
        {
            text.Append(DispatcherName(loop)).Append(' ').AppendLine(ExecutorConfiguration(loop.Index, throughput));
        }

        return text.ToString();
    }

    /// <summary>
    /// HOCON that puts the actors without a dispatcher of their own on loop <paramref name="index"/> too, those of the system itself included:
    /// with a simulated loop the whole actor system then runs in the one thread that runs the network.
    /// </summary>
    public string DefaultDispatcherConfiguration(int index = 0, int throughput = 30)
    {
        var executor = ExecutorConfiguration(index, throughput);
        return $"akka.actor.default-dispatcher {executor}\nakka.actor.internal-dispatcher {executor}\n";
    }

    /// <summary>
    /// Stops the loops after the work that is queued, closes what is open on them and forgets the id. Work that comes later is dropped, so the
    /// actor system ends first.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            Sets.TryRemove(Id, out _);
            _stop?.Invoke();
        }
    }

    private static void StopAll(EpollLoop[] loops)
    {
        foreach (var loop in loops)
        {
            loop.Stop();
        }
    }

    private static void WriteFailure(Loop loop, Exception exception) =>
        Console.Error.WriteLine($"pooler: I/O loop {loop.Index}: {exception}");

    private string ExecutorConfiguration(int index, int throughput) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {
          type = Dispatcher
          throughput = {{throughput}}
          executor = "Pooler.Actors.Transport.LoopExecutorConfigurator, Pooler.Actors"
          loops = "{{Id}}"
          loop = {{index}}
        }
        """);
}
