namespace Pooler.Testing.Programs;

/// <summary>
/// The user that PostgreSQL and the pooler run as. Both refuse to run as root, so tests that run as root (as in a container) start them as
/// `postgres`, or as `nobody` where that user does not exist.
/// </summary>
public static class UnprivilegedUser
{
    public static bool IsNeeded { get; } = Environment.UserName == "root";

    /// <summary>The name of the user the programs run as.</summary>
    public static string Name { get; } = IsNeeded ? Choose() : Environment.UserName;

    /// <summary>The command line that runs <paramref name="command"/> as that user; the process keeps its id, since setpriv replaces itself.</summary>
    public static IReadOnlyList<string> Wrap(IReadOnlyList<string> command) =>
        IsNeeded ? ["setpriv", "--reuid", Name, "--regid", GroupId(), "--init-groups", "--", .. command] : command;

    private static string Choose() => Account("postgres") is not null ? "postgres" : "nobody";

    private static string GroupId() => Account(Name)?[3] ?? throw new InvalidOperationException($"no user {Name} in /etc/passwd");

    private static string[]? Account(string name)
    {
        foreach (string line in File.ReadLines("/etc/passwd"))
        {
            if (line.StartsWith(name + ":", StringComparison.Ordinal))
            {
                return line.Split(':');
            }
        }

        return null;
    }
}
