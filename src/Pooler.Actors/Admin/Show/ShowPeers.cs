using Pooler.Actors.Configuration;

namespace Pooler.Actors.Admin.Show;

/// <summary>SHOW PEERS: the poolers of section [peers], by id.</summary>
internal static class ShowPeers
{
    public static ResultTable Make(PoolerSnapshot snapshot)
    {
        var table = new ResultTable(
            ResultTable.Int4("peer_id"), ResultTable.Text("host"), ResultTable.Int4("port"), ResultTable.Int4("pool_size"));
        foreach (PeerSettings peer in snapshot.Settings.Peers.Values.OrderBy(peer => peer.Id))
        {
            table.Add(
                ResultTable.Number(peer.Id),
                peer.Host,
                ResultTable.Number(peer.Port),
                ResultTable.Number(peer.PoolSize ?? snapshot.Settings.Global.DefaultPoolSize));
        }

        return table;
    }
}
