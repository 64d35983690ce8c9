using System.Collections.Frozen;
using Pooler.Actors.Admin;

namespace Pooler.Actors.Stats;

/// <summary>
/// The moments that averages are measured from: what every pool had counted at the end of the last period and of the one before.
/// SHOW averages reach from the end of the period before last to now, which is one to two periods; the log line has exactly the last period.
/// Times are monotonic microseconds. Immutable.
/// </summary>
internal sealed class StatisticsWindow
{
    private static readonly FrozenDictionary<(string Database, string User), StatisticsSnapshot> Nothing =
        FrozenDictionary<(string, string), StatisticsSnapshot>.Empty;

    private readonly FrozenDictionary<(string Database, string User), StatisticsSnapshot> _older;
    private readonly FrozenDictionary<(string Database, string User), StatisticsSnapshot> _newer;

    private StatisticsWindow(
        long start,
        long lastTick,
        FrozenDictionary<(string Database, string User), StatisticsSnapshot> older,
        FrozenDictionary<(string Database, string User), StatisticsSnapshot> newer)
    {
        Start = start;
        LastTick = lastTick;
        _older = older;
        _newer = newer;
    }

    /// <summary>Where averages begin.</summary>
    public long Start { get; }

    /// <summary>The end of the last period.</summary>
    public long LastTick { get; }

    /// <summary>Sum over all pools of what the last period counted.</summary>
    public StatisticsSnapshot LastPeriod { get; private init; }

    /// <summary>The averages of the last period, for the log.</summary>
    public StatisticsSnapshot LastPeriodAverage => LastPeriod.Average(LastTick - Start);

    /// <summary>The window before the first period has ended; it begins a second early so that averages have something to divide by.</summary>
    public static StatisticsWindow Begin(long now) => new(now - 1_000_000, now, Nothing, Nothing);

    /// <summary>The window after a period has ended at <paramref name="now"/> with these pools.</summary>
    public StatisticsWindow Advance(long now, IReadOnlyCollection<PoolSnapshot> pools)
    {
        var newest = new Dictionary<(string, string), StatisticsSnapshot>(pools.Count);
        StatisticsSnapshot period = default;
        foreach (PoolSnapshot pool in pools)
        {
            newest[(pool.Database, pool.User)] = pool.Statistics;
            period += Difference(pool, _newer);
        }

        return new StatisticsWindow(LastTick, now, _newer, newest.ToFrozenDictionary()) { LastPeriod = period };
    }

    /// <summary>What a pool has counted since <see cref="Start"/>.</summary>
    public StatisticsSnapshot Since(PoolSnapshot pool) => Difference(pool, _older);

    // A pool that has counted less than it had then is another one of the same name: it began at zero.
    private static StatisticsSnapshot Difference(
        PoolSnapshot pool, FrozenDictionary<(string Database, string User), StatisticsSnapshot> earlier) =>
        earlier.TryGetValue((pool.Database, pool.User), out StatisticsSnapshot then) && pool.Statistics.IsAtLeast(then)
            ? pool.Statistics - then
            : pool.Statistics;
}
