using Pooler.Actors.Dns;

namespace Pooler.Actors.Admin.Show;

/// <summary>SHOW DNS_ZONES: one row per zone that has names in the cache.</summary>
internal static class ShowDnsZones
{
    public static ResultTable Make(PoolerSnapshot snapshot)
    {
        var table = new ResultTable(ResultTable.Text("zonename"), ResultTable.Int8("serial"), ResultTable.Int4("count"));
        foreach (DnsSnapshot.Zone zone in snapshot.Dns.Zones)
            table.Add(zone.Name, ResultTable.Number(zone.Serial), ResultTable.Number(zone.Count));

        return table;
    }
}
