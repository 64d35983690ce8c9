namespace Pooler.Actors.Wire;

/// <summary>One column of a RowDescription: its name and the OID of its type, see <see cref="PostgresTypes"/>.</summary>
public readonly record struct ColumnDescription(string Name, int TypeOid);
