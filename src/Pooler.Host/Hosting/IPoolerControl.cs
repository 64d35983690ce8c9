using Pooler.Actors.Admin;
using Pooler.Host.Process;

namespace Pooler.Host.Hosting;

/// <summary>What signals do to the supervisor tree. Any thread may call; nothing waits for the effect.</summary>
internal interface IPoolerControl
{
    /// <summary>The state that the meaning of a signal depends on.</summary>
    public PoolerActivity Activity { get; }

    public void Reload();

    public void Pause();

    public void Resume();

    public void ShutDown(ShutdownMode mode);
}
