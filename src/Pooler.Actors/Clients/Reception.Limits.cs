using Pooler.Actors.Configuration;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Clients;

/// <content>Limits of clients: max_client_conn, max_db_client_connections, max_user_client_connections. All count from the startup packet on.</content>
internal sealed partial class Reception
{
    /// <summary>Counts a client, from now to its end, and says why it is one too many; null: it may stay.</summary>
    private string? CountClient(PendingSocket socket, StartupParameters parameters, DatabaseSettings? database)
    {
        var settings = _context.Settings;
        var isConsole = parameters.Database == PoolerSettings.ConsoleDatabase;
        if (!isConsole && _context.Counters.Clients > settings.Global.MaxClientConn)
        {
            return PoolerErrors.TooManyClients;
        }

        // Where everybody may be anybody, all are the user that the database forces.
        var user = settings.Global.AuthType == AuthType.Any && !isConsole ? database?.User : parameters.User;
        var isKnown = user is not null && settings.IsKnownUser(user);
        socket.Place = _context.Counters.ClientCounts.Add(
            isConsole ? PoolerSettings.ConsoleDatabase : database?.Name, isKnown ? user : null, out var ofDatabase, out var ofUser);

        // Who is to look after a crowded pooler must get in.
        if (isConsole && (NameList.Contains(settings.Global.AdminUsers, parameters.User) || ClientLogin.IsOwnAccount(parameters.User, socket.Connection.Remote)))
        {
            return null;
        }

        var databaseLimit = database is null ? settings.Global.MaxDbClientConnections : settings.MaxDbClientConnections(database);
        if (databaseLimit > 0 && ofDatabase > databaseLimit)
        {
            return PoolerErrors.TooManyDatabaseClients;
        }

        var userLimit = isKnown ? settings.MaxUserClientConnections(user!) : 0;
        return userLimit > 0 && ofUser > userLimit ? PoolerErrors.TooManyUserClients : null;
    }

    /// <summary>A socket that got no actor is gone.</summary>
    private void Uncount(PendingSocket socket)
    {
        _context.Counters.RemoveClient();
        if (socket.Place is { } place)
        {
            _context.Counters.ClientCounts.Remove(place);
        }
    }
}
