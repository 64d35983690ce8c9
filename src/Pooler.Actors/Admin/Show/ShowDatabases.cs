using Pooler.Actors.Configuration;

namespace Pooler.Actors.Admin.Show;

/// <summary>SHOW DATABASES: the databases of the configuration, those in use through "*", and the console's own.</summary>
internal static class ShowDatabases
{
    /// <summary>Pool size that the console's database claims.</summary>
    private const int ConsolePoolSize = 2;

    public static ResultTable Make(PoolerSnapshot snapshot)
    {
        var table = new ResultTable(
            ResultTable.Text("name"),
            ResultTable.Text("host"),
            ResultTable.Int4("port"),
            ResultTable.Text("database"),
            ResultTable.Text("force_user"),
            ResultTable.Int4("pool_size"),
            ResultTable.Int4("min_pool_size"),
            ResultTable.Int4("reserve_pool_size"),
            ResultTable.Int4("server_lifetime"),
            ResultTable.Text("pool_mode"),
            ResultTable.Text("load_balance_hosts"),
            ResultTable.Int4("max_connections"),
            ResultTable.Int4("current_connections"),
            ResultTable.Int4("max_client_connections"),
            ResultTable.Int4("current_client_connections"),
            ResultTable.Int4("paused"),
            ResultTable.Int4("disabled"));

        Dictionary<string, int> servers = snapshot.Pools
            .GroupBy(pool => pool.Database)
            .ToDictionary(group => group.Key, group => group.Sum(pool => pool.ServerCount));
        Dictionary<string, int> clients = snapshot.Clients
            .Where(client => client.Database is not null && IsLoginOrSession(client.State))
            .GroupBy(client => client.Database!)
            .ToDictionary(group => group.Key, group => group.Count());

        foreach (DatabaseSettings database in All(snapshot))
        {
            PoolerSettings settings = snapshot.Settings;
            snapshot.Databases.TryGetValue(database.Name, out DatabaseSnapshot? state);
            table.Add(
                database.Name,
                database.Host,
                ResultTable.Number(database.Port),
                database.DbName,
                database.User,
                ResultTable.Number(database.PoolSize ?? settings.Global.DefaultPoolSize),
                ResultTable.Number(database.MinPoolSize ?? settings.Global.MinPoolSize),
                ResultTable.Number(database.ReservePoolSize ?? settings.Global.ReservePoolSize),
                ResultTable.Number((long)settings.ServerLifetime(database).TotalSeconds),
                database.PoolMode is { } mode ? ShowWords.Of(mode) : null,
                ShowWords.LoadBalanceHosts(database),
                ResultTable.Number(settings.MaxDbConnections(database)),
                ResultTable.Number(servers.GetValueOrDefault(database.Name)),
                ResultTable.Number(settings.MaxDbClientConnections(database)),
                ResultTable.Number(clients.GetValueOrDefault(database.Name)),
                ShowWords.Flag(state is { Paused: true }),
                ShowWords.Flag(state is { Disabled: true }));
        }

        return table;
    }

    /// <summary>Every database there is now, by name.</summary>
    public static IEnumerable<DatabaseSettings> All(PoolerSnapshot snapshot)
    {
        PoolerSettings settings = snapshot.Settings;
        var databases = new SortedDictionary<string, DatabaseSettings>(StringComparer.Ordinal)
        {
            [PoolerSettings.ConsoleDatabase] = Console(settings),
        };
        foreach (DatabaseSettings database in settings.Databases.Values)
            databases[database.Name] = database;

        foreach (string name in snapshot.Databases.Keys)
        {
            if (!databases.ContainsKey(name) && settings.TryGetDatabase(name, out DatabaseSettings? database))
                databases[name] = database;
        }

        return databases.Values;
    }

    private static DatabaseSettings Console(PoolerSettings settings) => new()
    {
        Name = PoolerSettings.ConsoleDatabase,
        DbName = PoolerSettings.ConsoleDatabase,
        Port = settings.Global.ListenPort,
        User = PoolerSettings.ConsoleDatabase,
        PoolSize = ConsolePoolSize,
        MinPoolSize = 0,
        ReservePoolSize = 0,
        PoolMode = PoolMode.Statement,
    };

    private static bool IsLoginOrSession(SocketState state) =>
        state is SocketState.ClientLogin or SocketState.ClientActive or SocketState.ClientWaiting;
}
