using System.Collections.Immutable;
using Pooler.Actors.Configuration;
using Pooler.Actors.Dns;
using Pooler.Actors.Stats;

namespace Pooler.Actors.Admin;

/// <summary>Everything a SHOW prints from. Parts that were not asked for are empty. Pools are ordered by database, then user. Immutable.</summary>
internal sealed record PoolerSnapshot
{
    public required PoolerSettings Settings { get; init; }

    public PauseState State { get; init; }

    /// <summary>Every pool, the console's among them.</summary>
    public ImmutableArray<PoolSnapshot> Pools { get; init; } = [];

    /// <summary>Every client, consoles among them.</summary>
    public ImmutableArray<SocketSnapshot> Clients { get; init; } = [];

    /// <summary>States of databases by name; one that is missing is neither paused nor disabled.</summary>
    public ImmutableSortedDictionary<string, DatabaseSnapshot> Databases { get; init; } =
        ImmutableSortedDictionary.Create<string, DatabaseSnapshot>(StringComparer.Ordinal);

    /// <summary>The name cache.</summary>
    public DnsSnapshot Dns { get; init; } = DnsSnapshot.Empty;

    /// <summary>The buffers of all loops; comes with the clients.</summary>
    public BufferCount Buffers { get; init; }

    public StatisticsWindow Window { get; init; } = StatisticsWindow.Begin(0);

    /// <summary>Monotonic microseconds.</summary>
    public long Now { get; init; }

    /// <summary>The zone in which times are printed.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Pools by database, then user.</summary>
    public static ImmutableArray<PoolSnapshot> InOrder(IEnumerable<PoolSnapshot> pools) =>
        [.. pools.OrderBy(pool => pool.Database, StringComparer.Ordinal).ThenBy(pool => pool.User, StringComparer.Ordinal)];
}
