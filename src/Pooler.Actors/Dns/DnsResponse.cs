using System.Net;

namespace Pooler.Actors.Dns;

/// <summary>What is of use in a name server's answer.</summary>
/// <param name="Code">RCODE; 0: no error, 3: no such name.</param>
/// <param name="IsTruncated">The answer did not fit; it has to be asked for over TCP.</param>
/// <param name="Addresses">The addresses of the name that was asked for, behind aliases too.</param>
/// <param name="Serial">The serial number of its SOA record; null: there is none.</param>
internal sealed record DnsResponse(int Code, bool IsTruncated, IReadOnlyList<IPAddress> Addresses, uint? Serial)
{
    public const int NoError = 0;
    public const int NoSuchName = 3;
}
