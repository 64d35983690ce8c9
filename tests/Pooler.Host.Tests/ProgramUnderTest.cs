using System.Diagnostics;
using System.Text;
using Pooler.Testing;
using Pooler.Testing.Programs;

namespace Pooler.Host.Tests;

/// <summary>
/// The built program with a configuration of its own in a folder of its own. Under root it is told to run as nobody, who has to be
/// able to read the program.
/// </summary>
internal sealed class ProgramUnderTest : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringBuilder _error = new();
    private System.Diagnostics.Process? _process;

    public ProgramUnderTest(string settings = "", int port = 16999)
    {
        File.SetUnixFileMode(
            _folder.Path,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);
        Port = port;
        Ini = _folder.File("pgbouncer.ini");
        File.WriteAllText(Ini, $"[databases]\n[pgbouncer]\nlisten_addr =\nlisten_port = {port}\nunix_socket_dir = {_folder.Path}\nauth_type = any\n{settings}\n");
    }

    /// <summary>The executable: that of POOLER_PROGRAM, else the one beside the tests, or a copy where other users cannot read it.</summary>
    public static string Program { get; } = PoolerProgram.PathAsync().GetAwaiter().GetResult();

    public static bool IsRoot { get; } = Environment.UserName == "root";

    public int Port { get; }

    public string Ini { get; }

    public string Socket => FileOf($".s.PGSQL.{Port}");

    public System.Diagnostics.Process Process => _process ?? throw new InvalidOperationException("The program does not run.");

    /// <summary>What it has written to stderr so far.</summary>
    public string Error
    {
        get
        {
            lock (_error)
            {
                return _error.ToString();
            }
        }
    }

    public string FileOf(string name) => _folder.File(name);

    /// <summary>Runs it to its end.</summary>
    public ProgramResult Run(params string[] arguments) => ProgramResult.Of(Program, [.. UserArguments(), .. arguments, Ini]);

    /// <summary>Starts it and waits for the line that says that it serves.</summary>
    public Task StartAsync(params string[] arguments) => StartAsync(new ProcessStartInfo(Program, [.. UserArguments(), .. arguments, Ini]));

    /// <summary>The same with signals ignored from the start, as a shell starts its background jobs.</summary>
    public Task StartIgnoringAsync(params string[] signals) =>
        StartAsync(new ProcessStartInfo("/bin/sh", ["-c", $"trap '' {string.Join(' ', signals)}; exec \"$0\" \"$@\"", Program, .. UserArguments(), Ini]));

    private async Task StartAsync(ProcessStartInfo start)
    {
        start.RedirectStandardError = true;
        _process = System.Diagnostics.Process.Start(start)!;
        _process.ErrorDataReceived += (_, e) =>
        {
            lock (_error)
            {
                _error.Append(e.Data).Append('\n');
            }
        };
        _process.BeginErrorReadLine();
        await WaitForAsync(() => Error.Contains("process up: ", StringComparison.Ordinal) || _process.HasExited);
    }

    /// <summary>Sends a signal by its name.</summary>
    public static void Signal(int processId, string name) => ProgramResult.Of("kill", "-" + name, processId.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Waits for the end; gives the exit code.</summary>
    public async Task<int> WaitForExitAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await Process.WaitForExitAsync(limit.Token);
        return Process.ExitCode;
    }

    /// <summary>Waits until something has come true, for half a minute at most.</summary>
    public static Task WaitForAsync(Func<bool> condition) => Wait.UntilAsync(condition, "what the program should have done", TimeSpan.FromSeconds(30));

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process?.Dispose();
        _folder.Dispose();
    }

    private static string[] UserArguments() => IsRoot ? ["-u", "nobody"] : [];
}
