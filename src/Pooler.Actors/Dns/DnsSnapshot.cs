using System.Collections.Immutable;
using System.Net;

namespace Pooler.Actors.Dns;

/// <summary>What the name cache holds at one moment, in the words of SHOW DNS_HOSTS and DNS_ZONES; by name. Immutable.</summary>
internal sealed record DnsSnapshot
{
    public static readonly DnsSnapshot Empty = new();

    public ImmutableArray<Host> Hosts { get; init; } = [];

    public ImmutableArray<Zone> Zones { get; init; } = [];

    /// <summary>Look-ups under way.</summary>
    public int Queries { get; init; }

    /// <summary>A name; <paramref name="TimeToLive"/>: how long its answer still counts, microseconds, 0 when it no longer does.</summary>
    public sealed record Host(string Name, long TimeToLive, ImmutableArray<IPAddress> Addresses);

    /// <summary>A zone; <paramref name="Count"/>: the names in it.</summary>
    public sealed record Zone(string Name, uint Serial, int Count);
}
