namespace Pooler.Actors.Supervision;

/// <summary>Of what a waiting pool has too little.</summary>
[Flags]
internal enum PlaceShortage
{
    None = 0,

    /// <summary>Its database has max_db_connections.</summary>
    Database = 1,

    /// <summary>Its server user has max_user_connections.</summary>
    User = 2,
}
