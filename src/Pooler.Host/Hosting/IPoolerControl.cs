using Pooler.Actors.Admin;
using Pooler.Host.Process;

namespace Pooler.Host.Hosting;

/// <summary>What signals do to the supervisor tree. Any thread may call; nothing waits for the effect.</summary>
internal interface IPoolerControl
{
    /// <summary>The state that the meaning of a signal depends on.</summary>
    PoolerActivity Activity { get; }

    void Reload();

    void Pause();

    void Resume();

    void ShutDown(ShutdownMode mode);
}
