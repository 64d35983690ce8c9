using Pooler.Testing.Programs;

namespace Pooler.Integration.Tests.Drivers;

/// <summary>The programs of the drivers of other languages, and whether the machine has what they need.</summary>
internal static class DriverPrograms
{
    public const string Python = "/usr/bin/python3";
    public const string Node = "node";
    public const string JdbcDriver = "/usr/share/java/postgresql.jar";

    /// <summary>Where Debian puts the sources of Go's libraries.</summary>
    public const string GoPath = "/usr/share/gocode";

    /// <summary>A loaded machine may take long; only a program that hangs gets there.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    /// <summary>The folder of the programs in the source tree, where npm puts its modules as well.</summary>
    public static string Folder { get; } = Find();

    public static string PathOf(string program) => Path.Combine(Folder, program);

    /// <summary>Runs a program against <paramref name="target"/> and returns the lines of its output.</summary>
    public static async Task<IReadOnlyList<string>> RunAsync(IReadOnlyList<string> command, DriverTarget target)
    {
        CommandResult result = await Command.RunAsync(command, target.Environment, timeout: Timeout);
        return result.ExitCode == 0
            ? result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            : throw new InvalidOperationException($"{command[^1]} ended with {result.ExitCode} on {target.Host}:{target.Port}:\n{result.Output}{result.Error}");
    }

    public static async Task<bool> HasPythonModuleAsync(string module) => File.Exists(Python) && await SucceedsAsync(Python, "-c", "import " + module);

    public static async Task<bool> HasNodeModuleAsync(string module) =>
        Directory.Exists(Path.Combine(Folder, "node_modules", module)) && await SucceedsAsync(Node, "--version");

    /// <summary>A development kit and the driver: the tests compile their programs.</summary>
    public static async Task<bool> HasJdbcAsync() => File.Exists(JdbcDriver) && await SucceedsAsync("javac", "-version");

    /// <summary>The compiler and the driver's sources.</summary>
    public static async Task<bool> HasPgxAsync() =>
        Directory.Exists(Path.Combine(GoPath, "src/github.com/jackc/pgx/v4")) && await SucceedsAsync("go", "version");

    private static async Task<bool> SucceedsAsync(params string[] command)
    {
        try
        {
            return (await Command.RunAsync(command)).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no such program.
            return false;
        }
    }

    private static string Find()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Pooler.slnx")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? AppContext.BaseDirectory, "tests/Pooler.Integration.Tests/Drivers/programs");
    }
}
