namespace Pooler.Actors.Supervision;

/// <summary>How many server connections there may be, as it applies to one pool; 0: unlimited.</summary>
/// <param name="Database">max_db_connections of its database.</param>
/// <param name="User">max_user_connections of its server user.</param>
internal readonly record struct PlaceLimits(int Database, int User);
