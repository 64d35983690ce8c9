using System.Collections.Immutable;
using System.Net;
using Akka.Actor;
using Akka.Event;

namespace Pooler.Actors.Dns;

// The public face of the name cache, /user/pooler/dns.

/// <summary>Asks for an address to connect to. Answered with <see cref="HostResolved"/>, at once if the name is in the cache.</summary>
internal sealed record ResolveHost(string Name) : INoSerializationVerificationNeeded;

/// <summary>
/// One of the name's addresses, the next one in turn; null: there is none, and <paramref name="Result"/> (<see cref="ResolverResult"/>) says why. <paramref name="Version"/>
/// counts the changes of the name's addresses.
/// </summary>
internal sealed record HostResolved(string Name, IPAddress? Address, int Result, long Version) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

/// <summary>A name has lost addresses. Published on the event stream; the pools registry passes it on to every pool.</summary>
internal sealed record HostAddressesVanished(string Name, ImmutableArray<IPAddress> Addresses, long Version) : INoSerializationVerificationNeeded
{
    /// <summary>True when a connection to this address leads to where the name no longer does.</summary>
    public bool Retires(HostResolved host) =>
        host.Version < Version && host.Name.Equals(Name, StringComparison.OrdinalIgnoreCase) && host.Address is { } address && !Addresses.Contains(address);
}

/// <summary>Asks for what the cache holds. Answered with <see cref="DnsCollected"/>.</summary>
internal sealed record CollectDns(long Id) : INoSerializationVerificationNeeded;

/// <summary>The answer to <see cref="CollectDns"/>.</summary>
internal sealed record DnsCollected(long Id, DnsSnapshot Snapshot) : INoSerializationVerificationNeeded;
