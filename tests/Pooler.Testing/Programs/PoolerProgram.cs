using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Pooler.Testing.Programs;

/// <summary>
/// The pooler under test: the one that was built beside the tests, or any program with PgBouncer's command line that POOLER_PROGRAM names.
/// When the tests run as root from a directory that the unprivileged user cannot read, the program is copied to where it can be.
/// </summary>
public static class PoolerProgram
{
    private static readonly Lazy<Task<string>> Location = new(LocateAsync);
    private static readonly Lazy<Task<Version>> KnownVersion = new(AskVersionAsync);
    private static TestDirectory? s_copy;

    static PoolerProgram() => AppDomain.CurrentDomain.ProcessExit += (_, _) => s_copy?.Dispose();

    /// <summary>The program's path, readable for the unprivileged user.</summary>
    public static Task<string> PathAsync() => Location.Value;

    /// <summary>The version of PgBouncer that the program's `--version` claims.</summary>
    public static Task<Version> VersionAsync() => KnownVersion.Value;

    /// <summary>The environment that the program needs to find its runtime.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/
        ["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")),
    };

    private static async Task<string> LocateAsync()
    {
        string? named = System.Environment.GetEnvironmentVariable("POOLER_PROGRAM");
        string path = string.IsNullOrEmpty(named) ? Path.Combine(AppContext.BaseDirectory, "pooler") : Path.GetFullPath(named);
        if (!File.Exists(path))
        {
            throw new InvalidOperationException($"the pooler {path} does not exist; build src/Pooler.Host or set POOLER_PROGRAM");
        }

        if ((await Command.RunUnprivilegedAsync(["test", "-r", path])).ExitCode == 0)
        {
            return path;
        }

        s_copy = new TestDirectory("pooler-program");
        (await Command.RunAsync(["cp", "-r", Path.GetDirectoryName(path)! + "/.", s_copy.Path])).Succeeded();
        (await Command.RunAsync(["chmod", "-R", "a+rX", s_copy.Path])).Succeeded();
        return Path.Combine(s_copy.Path, Path.GetFileName(path));
    }

    private static async Task<Version> AskVersionAsync()
    {
        string output = (await Command.RunUnprivilegedAsync([await PathAsync(), "--version"], Environment)).Succeeded();
        Match match = Regex.Match(output, @"^PgBouncer (\d+\.\d+\.\d+)", RegexOptions.CultureInvariant);
        return match.Success ? Version.Parse(match.Groups[1].Value) : throw new InvalidOperationException($"no version in: {output}");
    }
}
