using System.Net;
using System.Net.Sockets;
using Pooler.Actors.Dns;

namespace Pooler.Actors.Admin.Show;

/// <summary>SHOW DNS_HOSTS: one row per name in the cache.</summary>
internal static class ShowDnsHosts
{
    public static ResultTable Make(PoolerSnapshot snapshot)
    {
        var table = new ResultTable(ResultTable.Text("hostname"), ResultTable.Int8("ttl"), ResultTable.Text("addrs"));
        foreach (DnsSnapshot.Host host in snapshot.Dns.Hosts)
            table.Add(host.Name, ShowWords.Seconds(host.TimeToLive), string.Join(',', host.Addresses.Select(Word)));

        return table;
    }

    // An address of the cache has no port of its own.
    private static string Word(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]:0" : $"{address}:0";
}
