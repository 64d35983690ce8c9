namespace Pooler.Actors.Transport.Simulation;

/// <summary>Brings a plan that another thread has made to the network's thread.</summary>
internal sealed class DelayedWork(SimulatedNetwork network, TimeSpan delay, Action action) : IThreadPoolWorkItem
{
    /// <inheritdoc/>
    public void Execute() => network.After(delay, action);
}
