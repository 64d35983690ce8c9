namespace Pooler.Actors.Wire;

/// <summary>OIDs of the types that results of the console have (PostgreSQL, catalog pg_type).</summary>
public static class PostgresTypes
{
    public const int Bool = 16;
    public const int Bytea = 17;
    public const int Int8 = 20;
    public const int Int4 = 23;
    public const int Text = 25;
    public const int Numeric = 1700;

    /// <summary>pg_type.typlen: bytes of a fixed-size type, -1 for one of variable size.</summary>
    public static short Length(int oid) => oid switch
    {
        Bool => 1,
        Int4 => 4,
        Int8 => 8,
        _ => -1,
    };
}
