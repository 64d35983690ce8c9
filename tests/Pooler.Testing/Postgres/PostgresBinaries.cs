using System.Collections.Concurrent;
using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;
using Pooler.Testing.Programs;

namespace Pooler.Testing.Postgres;

/// <summary>Where PostgreSQL's programs lie: the directory that POSTGRES_BIN names, on PATH, or where Debian puts the server's.</summary>
public static class PostgresBinaries
{
    private static readonly Lazy<string> ServerDirectory = new(FindServer);
    private static readonly ConcurrentDictionary<string, Lazy<Task<int>>> MajorVersions = new();

    /// <summary>The full path of a server program such as initdb or postgres.</summary>
    public static string Server(string name) => Path.Combine(ServerDirectory.Value, name);

    /// <summary>The path of a client program such as psql, pgbench or pg_dump.</summary>
    public static string Client(string name)
    {
        string beside = Path.Combine(ServerDirectory.Value, name);
        return File.Exists(beside) ? beside : name;
    }

    /// <summary>The major version of the server.</summary>
    public static Task<int> ServerVersionAsync() => MajorVersionAsync(Server("postgres"));

    /// <summary>The major version of a client program; 0 if there is none.</summary>
    public static Task<int> ClientVersionAsync(string name) => MajorVersionAsync(Client(name));

    private static Task<int> MajorVersionAsync(string path) => MajorVersions.GetOrAdd(path, _ => new(() => AskMajorVersionAsync(path))).Value;

    private static async Task<int> AskMajorVersionAsync(string path)
    {
        string output;
        try
        {
            output = (await Command.RunAsync([path, "--version"])).Succeeded();
        }
        catch (Win32Exception)
        {
            // There is no such program.
            return 0;
        }

        Match match = Regex.Match(output, @"\(PostgreSQL\) (\d+)", RegexOptions.CultureInvariant);
        return match.Success ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : throw new InvalidOperationException($"no version in: {output}");
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
