using Pooler.Actors.Configuration;

namespace Pooler.Actors.Admin.Show;

/// <summary>SHOW PEER_POOLS: what is being forwarded to each peer. Cancel requests are not forwarded yet, so nothing ever is.</summary>
internal static class ShowPeerPools
{
    public static ResultTable Make(PoolerSnapshot snapshot)
    {
        var table = new ResultTable(
            ResultTable.Int4("peer_id"),
            ResultTable.Int4("cl_active_cancel_req"),
            ResultTable.Int4("cl_waiting_cancel_req"),
            ResultTable.Int4("sv_active_cancel"),
            ResultTable.Int4("sv_login"));
        foreach (PeerSettings peer in snapshot.Settings.Peers.Values.OrderBy(peer => peer.Id))
            table.Add(ResultTable.Number(peer.Id), "0", "0", "0", "0");

        return table;
    }
}
