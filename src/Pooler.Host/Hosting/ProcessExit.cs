namespace Pooler.Host.Hosting;

/// <summary>
/// The end of the process: whoever asks first decides how. Any thread may ask; <see cref="PoolerHost"/> waits and cleans up.
/// </summary>
internal sealed class ProcessExit
{
    private readonly TaskCompletionSource<ProcessEnd> _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when somebody has asked.</summary>
    public Task<ProcessEnd> Requested => _requested.Task;

    public void Request(ProcessEnd end) => _requested.TrySetResult(end);
}
