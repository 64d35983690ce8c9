namespace Pooler.Testing.Simulation;

/// <summary>How a client learns what the columns of a statement on a table are.</summary>
internal enum TableHabit
{
    /// <summary>Not at all: it makes nothing of the rows.</summary>
    AsksNever,

    /// <summary>Once, when it has prepared it, as Npgsql, asyncpg and pgx do.</summary>
    AsksOnce,

    /// <summary>Once, when it binds it first, as pgjdbc does.</summary>
    AsksFirstPortal,

    /// <summary>With each Bind, as libpq and node-postgres do.</summary>
    AsksEachPortal,
}
