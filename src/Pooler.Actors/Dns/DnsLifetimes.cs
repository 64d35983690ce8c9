using Pooler.Actors.Configuration;

namespace Pooler.Actors.Dns;

/// <summary>How long answers count, microseconds: dns_max_ttl and dns_nxdomain_ttl. What an answer says of itself does not matter.</summary>
internal readonly record struct DnsLifetimes(long Success, long Failure)
{
    public static DnsLifetimes Of(GlobalSettings settings) => new((long)settings.DnsMaxTtl.TotalMicroseconds, (long)settings.DnsNxdomainTtl.TotalMicroseconds);
}
