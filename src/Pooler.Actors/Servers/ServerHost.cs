using System.Net;
using Pooler.Actors.Transport;

namespace Pooler.Actors.Servers;

/// <summary>Which kind of place a host of [databases] is. Pure.</summary>
internal static class ServerHost
{
    /// <summary>
    /// Where a host leads that needs no look-up: the unix socket in a directory, an abstract one, or an IP address. null: it is a name.
    /// </summary>
    public static ConnectTarget? WithoutLookup(string host, int port)
    {
        if (host[0] is '/' or '@')
        {
            return new ConnectTarget.Unix($"{host.TrimEnd('/')}/.s.PGSQL.{port}", port);
        }

        // Only four numbers are an address: shorter forms, which the runtime would take too, are names.
        var isAddress = host.Contains(':') || host.Count(c => c == '.') == 3;
        return isAddress && IPAddress.TryParse(host, out var address) ? new ConnectTarget.Tcp(address, port) : null;
    }
}
