using Akka.Actor;
using Pooler.Actors.Admin;
using Pooler.Host.Process;

namespace Pooler.Host.Hosting;

/// <summary>Turns what signals ask for into messages.</summary>
internal sealed class ActorControl : IPoolerControl
{
    private readonly SupervisorTree _tree;
    private readonly IActorRef _watch;
    private readonly ActivityBoard _board;

    /// <param name="tree">The supervisor tree.</param>
    /// <param name="watch">The <see cref="ProcessWatch"/>, which hears how a reload went.</param>
    /// <param name="board">The state that signals depend on.</param>
    public ActorControl(SupervisorTree tree, IActorRef watch, ActivityBoard board)
    {
        _tree = tree;
        _watch = watch;
        _board = board;
    }

    public PoolerActivity Activity => _board.Current;

    public void Reload() => _tree.Reload(_watch);

    // The board is told at once, so that the next signal sees the change even if the actors have not got to it yet.
    public void Pause()
    {
        _board.SetPaused(isPaused: true, isSuspended: false);
        _tree.Pause();
    }

    public void Resume()
    {
        _board.SetPaused(isPaused: false, isSuspended: false);
        _tree.Resume();
    }

    public void ShutDown(ShutdownMode mode)
    {
        _board.SetShuttingDown();
        _tree.ShutDown(mode);
    }
}
