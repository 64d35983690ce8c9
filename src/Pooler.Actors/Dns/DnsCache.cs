using System.Diagnostics.CodeAnalysis;

namespace Pooler.Actors.Dns;

/// <summary>
/// The names that servers were looked for under, their addresses and zones. It looks nothing up itself: who owns it asks whether an answer still counts, and brings new ones.
/// Pure, for one thread at a time; times are monotonic microseconds.
/// </summary>
internal sealed class DnsCache
{
    private readonly SortedDictionary<string, DnsHost> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedDictionary<string, DnsZone> _zones = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyCollection<DnsZone> Zones => _zones.Values;

    /// <summary>The name's place, made when it is new, with its zone; <paramref name="newZone"/>: it is the first one of that zone.</summary>
    public DnsHost Enter(string name, out DnsZone? newZone)
    {
        newZone = null;
        if (_hosts.TryGetValue(name, out var host))
        {
            return host;
        }

        host = new DnsHost(name);
        _hosts.Add(name, host);
        if (DnsZone.NameOf(name) is { } zoneName)
        {
            if (!_zones.TryGetValue(zoneName, out var zone))
            {
                zone = newZone = new DnsZone(zoneName);
                _zones.Add(zoneName, zone);
            }

            zone.Hosts.Add(host);
        }

        return host;
    }

    /// <summary>Takes an answer to a look-up; <paramref name="vanished"/> when the name has lost addresses by it.</summary>
    public bool Take(DnsHost host, DnsAnswer answer, long now, [NotNullWhen(true)] out HostAddressesVanished? vanished)
    {
        vanished = host.Take(answer, now) ? new HostAddressesVanished(host.Name, host.Addresses, host.Version) : null;
        return vanished is not null;
    }

    public DnsSnapshot Snapshot(long now, DnsLifetimes lifetimes, int queries) => new()
    {
        Hosts = [.. _hosts.Values.Select(host => new DnsSnapshot.Host(host.Name, host.TimeToLive(now, lifetimes), host.Addresses))],
        Zones = [.. _zones.Values.Select(zone => new DnsSnapshot.Zone(zone.Name, zone.Serial, zone.Hosts.Count))],
        Queries = queries,
    };
}
