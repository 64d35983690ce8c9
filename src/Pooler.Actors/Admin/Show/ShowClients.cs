using Pooler.Actors.Configuration;

namespace Pooler.Actors.Admin.Show;

/// <summary>SHOW CLIENTS: every logged-in client and every cancel request.</summary>
internal static class ShowClients
{
    public static ResultTable Make(PoolerSnapshot snapshot)
    {
        var table = new ResultTable(SocketColumns.Brief);
        foreach (SocketSnapshot client in Ordered(snapshot))
            table.Add(SocketColumns.BriefRow(client, snapshot.TimeZone));

        return table;
    }

    /// <summary>The clients that are past their login, by pool, then by what they do, then by age.</summary>
    public static IEnumerable<SocketSnapshot> Ordered(PoolerSnapshot snapshot) => snapshot.Clients
        .Where(client => client.State != SocketState.ClientLogin)
        .OrderBy(client => client.Database, StringComparer.Ordinal)
        .ThenBy(client => PoolUser(snapshot, client), StringComparer.Ordinal)
        .ThenBy(client => client.State)
        .ThenBy(client => client.Id);

    /// <summary>The server user of the client's pool; all sessions of the console are in one.</summary>
    public static string? PoolUser(PoolerSnapshot snapshot, SocketSnapshot client) =>
        client.Database == PoolerSettings.ConsoleDatabase ? PoolerSettings.ConsoleDatabase
        : client.Database is not null && client.User is not null && snapshot.Settings.TryGetDatabase(client.Database, out var database)
            ? snapshot.Settings.ServerUser(database, client.User)
            : client.User;
}
