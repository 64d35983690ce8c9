using System.Globalization;
using Pooler.Actors.Configuration;

namespace Pooler.Actors.Admin.Show;

/// <summary>SHOW USERS: everyone the configuration knows.</summary>
internal static class ShowUsers
{
    public static ResultTable Make(PoolerSnapshot snapshot)
    {
        PoolerSettings settings = snapshot.Settings;
        var table = new ResultTable(
            ResultTable.Text("name"),
            ResultTable.Text("pool_size"),
            ResultTable.Text("reserve_pool_size"),
            ResultTable.Text("pool_mode"),
            ResultTable.Int4("max_user_connections"),
            ResultTable.Int4("current_connections"),
            ResultTable.Int4("max_user_client_connections"),
            ResultTable.Int4("current_client_connections"));

        Dictionary<string, int> servers = snapshot.Pools
            .GroupBy(pool => pool.User)
            .ToDictionary(group => group.Key, group => group.Sum(pool => pool.ServerCount));
        Dictionary<string, int> clients = snapshot.Clients
            .Where(client => client.User is not null && client.State is SocketState.ClientLogin or SocketState.ClientActive or SocketState.ClientWaiting)
            .GroupBy(client => client.User!)
            .ToDictionary(group => group.Key, group => group.Count());

        foreach (string name in Names(settings))
        {
            settings.Users.TryGetValue(name, out UserSettings? user);
            table.Add(
                name,
                Padded(user?.PoolSize),
                Padded(user?.ReservePoolSize),
                user?.PoolMode is { } mode ? ShowWords.Of(mode) : null,
                ResultTable.Number(settings.MaxUserConnections(name)),
                ResultTable.Number(servers.GetValueOrDefault(name)),
                ResultTable.Number(settings.MaxUserClientConnections(name)),
                ResultTable.Number(clients.GetValueOrDefault(name)));
        }

        return table;
    }

    /// <summary>The users of auth_file, of [users], those that databases force, and the console's own; by name.</summary>
    public static SortedSet<string> Names(PoolerSettings settings)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal) { PoolerSettings.ConsoleDatabase };
        names.UnionWith(settings.UserList.Names);
        names.UnionWith(settings.Users.Keys);
        foreach (DatabaseSettings database in settings.Databases.Values)
        {
            if (database.User is not null)
                names.Add(database.User);
        }

        if (settings.AutoDatabase?.User is { } forced)
            names.Add(forced);

        return names;
    }

    private static string Padded(int? value) => value is { } number ? string.Create(CultureInfo.InvariantCulture, $"{number,9}") : "";
}
