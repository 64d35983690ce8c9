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
    private static TestDirectory? _copy;

    static PoolerProgram() => AppDomain.CurrentDomain.ProcessExit += (_, _) => DeleteCopy();

    /// <summary>The program's path, readable for the unprivileged user.</summary>
    public static Task<string> PathAsync() => Location.Value;

    /// <summary>The version of PgBouncer that the program's `--version` claims.</summary>
    public static Task<Version> VersionAsync() => KnownVersion.Value;

    /// <summary>True for Pooler, false for PgBouncer itself.</summary>
    public static async Task<bool> IsPoolerAsync() => (await AskAsync()).Contains("(Pooler ", StringComparison.Ordinal);

    /// <summary>The environment that the program needs to find its runtime; to be asked for after <see cref="PathAsync"/>.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; private set; } = new Dictionary<string, string>();

    /// <summary>Deletes the copy, if one was needed; a test assembly may call it when its last test is done.</summary>
    public static void DeleteCopy() => _copy?.Dispose();

    private static async Task<string> LocateAsync()
    {
        string? named = System.Environment.GetEnvironmentVariable("POOLER_PROGRAM");
        string path = string.IsNullOrEmpty(named) ? Path.Combine(AppContext.BaseDirectory, "pooler") : Path.GetFullPath(named);
        if (!File.Exists(path))
        {
            throw new InvalidOperationException($"the pooler {path} does not exist; build src/Pooler.Host or set POOLER_PROGRAM");
        }

        // <root>/shared/Microsoft.NETCore.App/<version>/
        string runtime = RuntimeEnvironment.GetRuntimeDirectory().TrimEnd('/');
        string root = Path.GetFullPath(Path.Combine(runtime, "..", "..", ".."));
        if (!await IsReadableAsync(runtime))
        {
            string copy = await CopyAsync(Path.Combine(root, "host"), "dotnet/host");
            await CopyAsync(runtime, Path.Combine("dotnet/shared/Microsoft.NETCore.App", Path.GetFileName(runtime)));

            // The hosting libraries come from there.
            await CopyAsync(Path.Combine(root, "shared/Microsoft.AspNetCore.App"), "dotnet/shared/Microsoft.AspNetCore.App");
            root = Path.GetDirectoryName(copy)!;
        }

        Environment = new Dictionary<string, string> { ["DOTNET_ROOT"] = root };
        return await IsReadableAsync(path)
            ? path
            : Path.Combine(await CopyAsync(Path.GetDirectoryName(path)!, "program"), Path.GetFileName(path));
    }

    private static async Task<bool> IsReadableAsync(string path) => (await Command.RunUnprivilegedAsync(["test", "-r", path])).ExitCode == 0;

    private static async Task<string> CopyAsync(string directory, string name)
    {
        _copy ??= new TestDirectory("pooler-program");
        string target = Path.Combine(_copy.Path, name);
        Directory.CreateDirectory(target);
        (await Command.RunAsync(["cp", "-r", directory + "/.", target])).Succeeded();
        (await Command.RunAsync(["chmod", "-R", "a+rX", _copy.Path])).Succeeded();
        return target;
    }

    private static async Task<Version> AskVersionAsync()
    {
        string output = await AskAsync();
        Match match = Regex.Match(output, @"^PgBouncer (\d+\.\d+\.\d+)", RegexOptions.CultureInvariant);
        return match.Success ? Version.Parse(match.Groups[1].Value) : throw new InvalidOperationException($"no version in: {output}");
    }

    private static async Task<string> AskAsync() =>
        (await Command.RunUnprivilegedAsync([await PathAsync(), "--version"], Environment)).Succeeded();
}
