namespace Pooler.Actors.Supervision;

/// <summary>
/// One counted server connection. Who opens a connection has its place first, and gives it back when the connection is closed. Any thread may call.
/// </summary>
internal sealed class ServerPlace(ServerPlaces places, string database, string user)
{
    /// <summary>The database as clients call it.</summary>
    public string Database { get; } = database;

    /// <summary>As whom the connection is logged in.</summary>
    public string User { get; } = user;

    /// <summary>The connection is told to close. <see cref="ServerPlaces"/>' alone.</summary>
    internal bool IsLeaving { get; set; }

    /// <summary>Given back. <see cref="ServerPlaces"/>' alone.</summary>
    internal bool IsReturned { get; set; }

    /// <summary>The connection will close soon: nobody else needs to close one for whom this place is enough.</summary>
    public void Leave() => places.Leave(this);

    /// <summary>The connection is closed. A second call has no effect.</summary>
    public void Return() => places.Return(this);
}
