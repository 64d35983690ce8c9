namespace Pooler.Actors.Admin.Show;

/// <summary>SHOW POOLS: one row per pool.</summary>
internal static class ShowPools
{
    public static ResultTable Make(PoolerSnapshot snapshot)
    {
        var table = new ResultTable(
            ResultTable.Text("database"),
            ResultTable.Text("user"),
            ResultTable.Int4("cl_active"),
            ResultTable.Int4("cl_waiting"),
            ResultTable.Int4("cl_active_cancel_req"),
            ResultTable.Int4("cl_waiting_cancel_req"),
            ResultTable.Int4("sv_active"),
            ResultTable.Int4("sv_active_cancel"),
            ResultTable.Int4("sv_being_canceled"),
            ResultTable.Int4("sv_idle"),
            ResultTable.Int4("sv_used"),
            ResultTable.Int4("sv_tested"),
            ResultTable.Int4("sv_login"),
            ResultTable.Int4("maxwait"),
            ResultTable.Int4("maxwait_us"),
            ResultTable.Text("pool_mode"),
            ResultTable.Text("load_balance_hosts"));

        foreach (PoolSnapshot pool in snapshot.Pools)
        {
            snapshot.Settings.TryGetDatabase(pool.Database, out Configuration.DatabaseSettings? database);
            table.Add(
                pool.Database,
                pool.User,
                ResultTable.Number(pool.ClientActive),
                ResultTable.Number(pool.ClientWaiting),
                ResultTable.Number(pool.ClientActiveCancelRequest),
                ResultTable.Number(pool.ClientWaitingCancelRequest),
                ResultTable.Number(pool.ServerActive),
                ResultTable.Number(pool.ServerActiveCancel),
                ResultTable.Number(pool.ServerBeingCanceled),
                ResultTable.Number(pool.ServerIdle),
                ResultTable.Number(pool.ServerUsed),
                ResultTable.Number(pool.ServerTested),
                ResultTable.Number(pool.ServerLogin),
                ShowWords.Seconds(pool.MaxWait),
                ShowWords.Remainder(pool.MaxWait),
                ShowWords.Of(pool.PoolMode),
                ShowWords.LoadBalanceHosts(database));
        }

        return table;
    }
}
