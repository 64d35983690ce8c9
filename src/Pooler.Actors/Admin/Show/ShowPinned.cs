namespace Pooler.Actors.Admin.Show;

/// <summary>SHOW PINNED: every client that keeps its server beyond its transactions, and why.</summary>
internal static class ShowPinned
{
    public static ResultTable Make(PoolerSnapshot snapshot)
    {
        var table = new ResultTable(
            ResultTable.Text("type"),
            ResultTable.Text("user"),
            ResultTable.Text("database"),
            ResultTable.Text("addr"),
            ResultTable.Int4("port"),
            ResultTable.Text("ptr"),
            ResultTable.Text("application_name"),
            ResultTable.Text("server_addr"),
            ResultTable.Int4("server_port"),
            ResultTable.Int4("server_remote_pid"),
            ResultTable.Text("server_ptr"),
            ResultTable.Text("pinned_time"),
            ResultTable.Int4("age"),
            ResultTable.Int4("age_us"),
            ResultTable.Text("reasons"),
            ResultTable.Int4("pool_pinned"),
            ResultTable.Int4("pool_max_pinned"));
        foreach (SocketSnapshot client in ShowClients.Ordered(snapshot))
        {
            if (client.Pin is not { } pin)
                continue;

            table.Add(
                "C",
                client.User,
                client.Database,
                client.Addr,
                ResultTable.Number(client.Port),
                SocketColumns.Pointer(client.Ptr),
                client.ApplicationName,
                pin.ServerAddr,
                ResultTable.Number(pin.ServerPort),
                ResultTable.Number(pin.ServerPid),
                SocketColumns.Pointer(pin.ServerPtr),
                SocketColumns.Time(pin.Time, snapshot.TimeZone),
                ShowWords.Seconds(pin.Age),
                ShowWords.Remainder(pin.Age),
                pin.Reasons,
                ResultTable.Number(pin.PoolPinned),
                ResultTable.Number(pin.PoolMaxPinned));
        }

        return table;
    }
}
