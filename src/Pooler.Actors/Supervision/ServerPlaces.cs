using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Pooler.Actors.Supervision;

/// <summary>
/// Counts the server connections of all pools by database and by server user, and sees that no pool opens one beyond max_db_connections or max_user_connections, on whatever
/// thread it lives. Pools that find no place stand in line: a place that becomes free is kept for the first of them that it suits, so that no newcomer takes it away.
/// Any thread may call; opening and closing connections is rare enough for a lock.
/// </summary>
internal sealed class ServerPlaces
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Group> _databases = [];
    private readonly Dictionary<string, Group> _users = [];
    private readonly LinkedList<PlaceRequest> _line = [];
    private int _starved;

    /// <summary>Some pool waits for the next server that becomes free. Cheap enough to be asked after every transaction.</summary>
    public bool HasStarved => Volatile.Read(ref _starved) > 0;

    /// <summary>Connections of a database, closing ones among them.</summary>
    public int CountOfDatabase(string database) => CountOf(_databases, database);

    /// <summary>Connections of a server user over all databases, closing ones among them.</summary>
    public int CountOfUser(string user) => CountOf(_users, user);

    /// <summary>A place whatever the limits say: for the connections that carry cancel requests.</summary>
    public ServerPlace Take(string database, string user)
    {
        lock (_lock)
        {
            return Add(database, user);
        }
    }

    /// <summary>
    /// Takes a place within the limits. If there is none, the request stands in line from now on, unless it <paramref name="waits"/> not; repeating it tells the line of new limits.
    /// </summary>
    public bool TryTake(PlaceRequest request, PlaceLimits limits, bool waits, [NotNullWhen(true)] out ServerPlace? place)
    {
        List<PlaceRequest>? granted = null;
        lock (_lock)
        {
            request.Limits = limits;
            if (request.Place is not null)
            {
                place = request.Place;
                request.Place = null;
            }
            else if (request.IsWaiting)
            {
                // Higher limits may have made room for others that stand before it.
                Serve(ref granted);
                granted?.Remove(request);
                place = request.Place;
                request.Place = null;
            }
            else if (ShortageOf(request) == PlaceShortage.None)
            {
                place = Add(request.Database, request.User);
            }
            else
            {
                place = null;
                if (waits)
                {
                    request.IsWaiting = true;
                    _line.AddLast(request);
                }
            }
        }

        Notify(granted);
        return place is not null;
    }

    /// <summary>Fetches the place that has been kept for a request, if there is one.</summary>
    public bool Claim(PlaceRequest request, [NotNullWhen(true)] out ServerPlace? place)
    {
        lock (_lock)
        {
            place = request.Place;
            request.Place = null;
            return place is not null;
        }
    }

    /// <summary>Takes a request out of the line, and gives back what has been kept for it.</summary>
    public void Withdraw(PlaceRequest request)
    {
        ServerPlace? kept;
        lock (_lock)
        {
            if (request.IsWaiting)
            {
                _line.Remove(request);
                LeaveLine(request);
            }

            kept = request.Place;
            request.Place = null;
        }

        kept?.Return();
    }

    /// <summary>What keeps a request in the line.</summary>
    public PlaceShortage ShortageFor(PlaceRequest request)
    {
        lock (_lock)
        {
            return request.IsWaiting ? UncoveredShortageOf(request) : PlaceShortage.None;
        }
    }

    /// <summary>No server was free for a request in the line: the next one that becomes free goes.</summary>
    public void Starve(PlaceRequest request)
    {
        lock (_lock)
        {
            if (request.IsWaiting && !request.IsStarved)
            {
                request.IsStarved = true;
                _starved++;
            }
        }
    }

    /// <summary>
    /// Whether a free server has to close for a pool in the line, since what is closing already is not enough. If so it counts as closing from now on.
    /// </summary>
    /// <param name="place">The server's place.</param>
    /// <param name="forStarved">Only for pools that <see cref="Starve"/>.</param>
    public bool TryEvict(ServerPlace place, bool forStarved)
    {
        lock (_lock)
        {
            if (place.IsLeaving || place.IsReturned)
            {
                return false;
            }

            foreach (var request in _line)
            {
                if ((forStarved && !request.IsStarved) || (request.Database != place.Database && request.User != place.User))
                {
                    continue;
                }

                var shortage = UncoveredShortageOf(request);
                if ((shortage.HasFlag(PlaceShortage.Database) && request.Database == place.Database)
                    || (shortage.HasFlag(PlaceShortage.User) && request.User == place.User))
                {
                    SetLeaving(place);
                    return true;
                }
            }

            return false;
        }
    }

    internal void Leave(ServerPlace place)
    {
        lock (_lock)
        {
            if (!place.IsLeaving && !place.IsReturned)
            {
                SetLeaving(place);
            }
        }
    }

    internal void Return(ServerPlace place)
    {
        List<PlaceRequest>? granted = null;
        lock (_lock)
        {
            if (place.IsReturned)
            {
                return;
            }

            place.IsReturned = true;
            Remove(_databases, place.Database, place.IsLeaving);
            Remove(_users, place.User, place.IsLeaving);
            Serve(ref granted);
        }

        Notify(granted);
    }

    /// <summary>Outside the lock: who is told may ask for the next place at once.</summary>
    private static void Notify(List<PlaceRequest>? granted)
    {
        foreach (var request in granted ?? [])
        {
            request.Granted();
        }
    }

    private void Serve(ref List<PlaceRequest>? granted)
    {
        for (var node = _line.First; node is not null;)
        {
            var request = node.Value;
            var next = node.Next;
            if (ShortageOf(request) == PlaceShortage.None)
            {
                _line.Remove(node);
                LeaveLine(request);
                request.Place = Add(request.Database, request.User);
                (granted ??= []).Add(request);
            }

            node = next;
        }
    }

    private void LeaveLine(PlaceRequest request)
    {
        request.IsWaiting = false;
        if (request.IsStarved)
        {
            request.IsStarved = false;
            _starved--;
        }
    }

    private PlaceShortage ShortageOf(PlaceRequest request)
    {
        var shortage = PlaceShortage.None;
        if (request.Limits.Database > 0 && GroupOf(_databases, request.Database).Count >= request.Limits.Database)
        {
            shortage |= PlaceShortage.Database;
        }

        if (request.Limits.User > 0 && GroupOf(_users, request.User).Count >= request.Limits.User)
        {
            shortage |= PlaceShortage.User;
        }

        return shortage;
    }

    /// <summary>What is too little even for when everything that is closing has closed, seen by the last of those in the line.</summary>
    private PlaceShortage UncoveredShortageOf(PlaceRequest request)
    {
        var shortage = ShortageOf(request);
        if (shortage == PlaceShortage.None)
        {
            return shortage;
        }

        var (ofDatabase, ofUser) = (0, 0);
        foreach (var other in _line)
        {
            var lacks = ShortageOf(other);
            ofDatabase += lacks.HasFlag(PlaceShortage.Database) && other.Database == request.Database ? 1 : 0;
            ofUser += lacks.HasFlag(PlaceShortage.User) && other.User == request.User ? 1 : 0;
        }

        var database = GroupOf(_databases, request.Database);
        if (database.Count - database.Leaving + ofDatabase <= request.Limits.Database)
        {
            shortage &= ~PlaceShortage.Database;
        }

        var user = GroupOf(_users, request.User);
        if (user.Count - user.Leaving + ofUser <= request.Limits.User)
        {
            shortage &= ~PlaceShortage.User;
        }

        return shortage;
    }

    private ServerPlace Add(string database, string user)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_databases, database, out _).Count++;
        CollectionsMarshal.GetValueRefOrAddDefault(_users, user, out _).Count++;
        return new ServerPlace(this, database, user);
    }

    private void SetLeaving(ServerPlace place)
    {
        place.IsLeaving = true;
        CollectionsMarshal.GetValueRefOrAddDefault(_databases, place.Database, out _).Leaving++;
        CollectionsMarshal.GetValueRefOrAddDefault(_users, place.User, out _).Leaving++;
    }

    private static void Remove(Dictionary<string, Group> groups, string name, bool wasLeaving)
    {
        ref var group = ref CollectionsMarshal.GetValueRefOrAddDefault(groups, name, out _);
        group.Count--;
        group.Leaving -= wasLeaving ? 1 : 0;
        if (group.Count == 0)
        {
            // Names come and go: what is not in use takes no memory.
            groups.Remove(name);
        }
    }

    private static Group GroupOf(Dictionary<string, Group> groups, string name) => groups.GetValueOrDefault(name);

    private int CountOf(Dictionary<string, Group> groups, string name)
    {
        lock (_lock)
        {
            return GroupOf(groups, name).Count;
        }
    }

    private struct Group
    {
        public int Count;
        public int Leaving;
    }
}
