namespace Pooler.Actors.Supervision;

/// <summary>
/// A pool's standing in the line for places of server connections. Each pool has one and uses it again; all but the names belongs to <see cref="ServerPlaces"/>, under its lock.
/// </summary>
/// <param name="database">The pool's database.</param>
/// <param name="user">The pool's server user.</param>
/// <param name="granted">Called, by any thread, when a place has been kept for the pool; it fetches it with <see cref="ServerPlaces.Claim"/>.</param>
internal sealed class PlaceRequest(string database, string user, Action granted)
{
    public string Database { get; } = database;

    public string User { get; } = user;

    internal Action Granted { get; } = granted;

    internal PlaceLimits Limits { get; set; }

    /// <summary>It stands in the line.</summary>
    internal bool IsWaiting { get; set; }

    /// <summary>It has been looked for a server to evict, and none was free: the next one that becomes free is for it.</summary>
    internal bool IsStarved { get; set; }

    /// <summary>A place that is kept for the pool until it fetches it.</summary>
    internal ServerPlace? Place { get; set; }
}
