namespace Pooler.Host.Hosting;

/// <summary>
/// The end of the process: whoever asks first sets the exit code. Any thread may ask; <see cref="Program"/> waits and cleans up.
/// </summary>
internal sealed class ProcessExit
{
    private readonly TaskCompletionSource<int> _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the exit code.</summary>
    public Task<int> Requested => _requested.Task;

    public void Request(int exitCode) => _requested.TrySetResult(exitCode);
}
