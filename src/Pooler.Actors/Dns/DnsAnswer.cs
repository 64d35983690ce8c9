using System.Net;

namespace Pooler.Actors.Dns;

/// <summary>What a look-up gave: addresses, each once, or the reason why there are none.</summary>
public sealed record DnsAnswer(IReadOnlyList<IPAddress> Addresses, int Result)
{
    /// <summary>The reason is one of the C library's numbers (EAI_...).</summary>
    public static DnsAnswer Failed(int result) => new([], result);

    /// <summary>These addresses, which are at least one.</summary>
    public static DnsAnswer Of(IEnumerable<IPAddress> addresses) => new([.. addresses.Distinct()], ResolverResult.Success);
}
