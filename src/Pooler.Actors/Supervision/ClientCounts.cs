using System.Runtime.InteropServices;

namespace Pooler.Actors.Supervision;

/// <summary>
/// Counts clients by database and by login user, for max_db_client_connections and max_user_client_connections. Any thread may call. What it remembers is bounded by the
/// clients that are there, whatever names they bring.
/// </summary>
internal sealed class ClientCounts
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _databases = [];
    private readonly Dictionary<string, int> _users = [];
    private readonly Dictionary<(string? Database, string? User), ClientPlace> _places = [];

    /// <summary>Counts a client.</summary>
    /// <param name="database">Its database; null: an unknown one, which is not counted.</param>
    /// <param name="user">Its user; null: an unknown one, which is not counted.</param>
    /// <param name="ofDatabase">Clients of that database, with it.</param>
    /// <param name="ofUser">Clients of that user, with it.</param>
    public ClientPlace Add(string? database, string? user, out int ofDatabase, out int ofUser)
    {
        lock (_lock)
        {
            ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, (database, user), out _);
            place ??= new ClientPlace(database, user);
            place.Clients++;
            ofDatabase = database is null ? 0 : ++CollectionsMarshal.GetValueRefOrAddDefault(_databases, database, out _);
            ofUser = user is null ? 0 : ++CollectionsMarshal.GetValueRefOrAddDefault(_users, user, out _);
            return place;
        }
    }

    /// <summary>A client with this place is gone.</summary>
    public void Remove(ClientPlace place)
    {
        lock (_lock)
        {
            if (--place.Clients == 0)
            {
                _places.Remove((place.Database, place.User));
            }

            Decrement(_databases, place.Database);
            Decrement(_users, place.User);
        }
    }

    /// <summary>Clients of a database.</summary>
    public int CountOfDatabase(string database)
    {
        lock (_lock)
        {
            return _databases.GetValueOrDefault(database);
        }
    }

    /// <summary>Clients of a user.</summary>
    public int CountOfUser(string user)
    {
        lock (_lock)
        {
            return _users.GetValueOrDefault(user);
        }
    }

    private static void Decrement(Dictionary<string, int> counts, string? name)
    {
        if (name is not null && --CollectionsMarshal.GetValueRefOrAddDefault(counts, name, out _) == 0)
        {
            counts.Remove(name);
        }
    }
}
