using System.Net.Sockets;

namespace Pooler.Actors.Dns;

/// <summary>
/// Resolves by the C library, with all that the system knows about names (nsswitch.conf, /etc/hosts, /etc/resolv.conf). It does not know about zones; for these the name
/// servers of /etc/resolv.conf are asked. Any thread may call.
/// </summary>
public sealed class SystemResolver : IDnsResolver
{
    private readonly NameServerResolver _zones = new(NameServerResolver.SystemFile);

    /// <summary>The resolver for a setting of resolv_conf; an empty one means the system's.</summary>
    public static IDnsResolver Or(string resolvConf) => resolvConf.Length > 0 ? new NameServerResolver(resolvConf) : new SystemResolver();

    public async Task<DnsAnswer> LookUpAsync(string name, CancellationToken cancellation)
    {
        try
        {
            var addresses = await System.Net.Dns.GetHostAddressesAsync(name, cancellation).ConfigureAwait(false);
            return addresses.Length > 0 ? DnsAnswer.Of(addresses) : DnsAnswer.Failed(ResolverResult.NoData);
        }
        catch (SocketException exception)
        {
            return DnsAnswer.Failed(ResolverResult.Of(exception.SocketErrorCode));
        }
        catch (ArgumentException)
        {
            // A name that is longer than any can be.
            return DnsAnswer.Failed(ResolverResult.NoName);
        }
    }

    public Task<uint?> FindSerialAsync(string zone, CancellationToken cancellation) => _zones.FindSerialAsync(zone, cancellation);
}
