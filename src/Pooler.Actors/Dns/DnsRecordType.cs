namespace Pooler.Actors.Dns;

/// <summary>The types of DNS records that are asked for or understood (RFC 1035, RFC 3596).</summary>
internal enum DnsRecordType
{
    A = 1,
    CName = 5,
    Soa = 6,
    Aaaa = 28,
}
