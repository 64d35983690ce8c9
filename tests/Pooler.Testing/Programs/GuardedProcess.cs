using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Pooler.Testing.Programs;

/// <summary>
/// A long-running program (PostgreSQL, the pooler) that never outlives the test process: a guard beside it reads a pipe of ours and kills the
/// program when that pipe ends without a word. Collects the lines of its standard error. Methods may be called from any thread.
/// </summary>
public sealed class GuardedProcess : IAsyncDisposable
{
    // The shell becomes the program, so the process id is the program's; the guard is its child.
    private const string Script = "exec 3<&0; (read -r word <&3 || kill -KILL $$) >/dev/null 2>&1 & exec \"$@\" </dev/null 3<&-";

    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly Lock _gate = new();
    private readonly Task _reader;

    private GuardedProcess(Process process)
    {
        _process = process;
        _reader = Task.WhenAll(CollectAsync(process.StandardError), CollectAsync(process.StandardOutput));
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts <paramref name="command"/> as the unprivileged user.</summary>
    public static GuardedProcess Start(IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        IReadOnlyList<string> whole = UnprivilegedUser.Wrap(["/bin/sh", "-c", Script, command[0], .. command]);
        ProcessStartInfo start = new(whole[0], whole.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new GuardedProcess(Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start"));
    }

    /// <summary>The lines printed so far.</summary>
    public IReadOnlyList<string> Lines()
    {
        lock (_gate)
        {
            return [.. _lines];
        }
    }

    /// <summary>Waits for a line that matches; fails at once, with all lines, when the program ended without it.</summary>
    public async Task<string> WaitForLineAsync(string pattern, TimeSpan? timeout = null, int occurrence = 1)
    {
        Regex regex = new(pattern, RegexOptions.CultureInvariant);
        string? found = null;
        try
        {
            await Wait.UntilAsync(
                () =>
                {
                    bool ended = _reader.IsCompleted;
                    found = Lines().Where(line => regex.IsMatch(line)).Skip(occurrence - 1).FirstOrDefault();
                    return found is not null || ended;
                },
                $"line /{pattern}/",
                timeout);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}; the lines were:\n{string.Join('\n', Lines())}");
        }

        return found ?? throw new InvalidOperationException($"the program ended without line /{pattern}/:\n{string.Join('\n', Lines())}");
    }

    /// <summary>Sends a signal by its name without SIG, such as TERM or HUP.</summary>
    public async Task SignalAsync(string signal) => (await Command.RunAsync(["/bin/kill", "-" + signal, $"{Id}"])).Succeeded();

    /// <summary>Waits for the program's end and returns its exit code.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan? timeout = null)
    {
        using CancellationTokenSource deadline = new(timeout ?? Wait.DefaultTimeout);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"the program did not end; its lines were:\n{string.Join('\n', Lines())}");
        }

        await _reader;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        try
        {
            // A word for the guard: the process id may belong to somebody else by now, so it must not kill.
            await _process.StandardInput.WriteLineAsync("done");
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The guard has gone with its program.
        }

        await _reader;
        _process.Dispose();
    }

    private async Task CollectAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_gate)
            {
                _lines.Add(line);
            }
        }
    }
}
