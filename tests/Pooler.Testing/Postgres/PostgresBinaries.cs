namespace Pooler.Testing.Postgres;

/// <summary>Where PostgreSQL's programs lie: the directory that POSTGRES_BIN names, on PATH, or where Debian puts the server's.</summary>
public static class PostgresBinaries
{
    private static readonly Lazy<string> ServerDirectory = new(FindServer);

    /// <summary>The full path of a server program such as initdb or postgres.</summary>
    public static string Server(string name) => Path.Combine(ServerDirectory.Value, name);

    /// <summary>The path of a client program such as psql, pgbench or pg_dump.</summary>
    public static string Client(string name)
    {
        string beside = Path.Combine(ServerDirectory.Value, name);
        return File.Exists(beside) ? beside : name;
    }

    private static string FindServer()
    {
        IEnumerable<string> candidates =
        [
            Environment.GetEnvironmentVariable("POSTGRES_BIN") ?? string.Empty,
            .. (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':'),
            .. Directory.Exists("/usr/lib/postgresql")
                ? Directory.GetDirectories("/usr/lib/postgresql")
                    .OrderByDescending(directory => int.TryParse(Path.GetFileName(directory), out int version) ? version : 0)
                    .Select(directory => Path.Combine(directory, "bin"))
                : [],
        ];
        foreach (string directory in candidates)
        {
            if (directory.Length > 0 && File.Exists(Path.Combine(directory, "initdb")) && File.Exists(Path.Combine(directory, "postgres")))
            {
                return directory;
            }
        }

        throw new InvalidOperationException(
            "PostgreSQL's programs (initdb, postgres) were not found on PATH or in /usr/lib/postgresql/*/bin; install the package postgresql or set POSTGRES_BIN");
    }
}
