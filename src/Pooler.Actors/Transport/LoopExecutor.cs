using Akka.Dispatch;

namespace Pooler.Actors.Transport;

/// <summary>
/// Runs the mailboxes of a dispatcher on an I/O loop: a message to an actor of the same loop wakes no thread and takes no lock. Together with its
/// configurator the only place of the transport that knows of Akka.
/// </summary>
internal sealed class LoopExecutor(string id, Loop loop) : ExecutorService(id)
{
    /// <summary>Any thread.</summary>
    public override void Execute(IRunnable run) => loop.Execute(run);

    /// <summary>A dispatcher without actors shuts its executor down; the loop belongs to its <see cref="LoopSet"/> and goes on.</summary>
    public override void Shutdown()
    {
    }
}
