namespace Pooler.Actors.Wire;

/// <summary>OIDs of the types that results and parameters of the console have (PostgreSQL, catalog pg_type).</summary>
public static class PostgresTypes
{
    public const int Bool = 16;
    public const int Bytea = 17;
    public const int Char = 18;
    public const int Name = 19;
    public const int Int8 = 20;
    public const int Int2 = 21;
    public const int Int4 = 23;
    public const int Text = 25;
    public const int Oid = 26;
    public const int Float4 = 700;
    public const int Float8 = 701;
    public const int Unknown = 705;
    public const int BpChar = 1042;
    public const int VarChar = 1043;
    public const int Numeric = 1700;
    public const int Void = 2278;

    /// <summary>pg_type.typlen: bytes of a fixed-size type, -1 for one of variable size.</summary>
    public static short Length(int oid) => oid switch
    {
        Bool or Char => 1,
        Int2 => 2,
        Int4 or Float4 or Oid or Void => 4,
        Int8 or Float8 => 8,
        Name => 64,
        _ => -1,
    };
}
