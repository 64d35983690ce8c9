using Akka.Configuration;
using Akka.Dispatch;

namespace Pooler.Actors.Transport;

/// <summary>
/// Named in the dispatchers' HOCON: <c>executor = "Pooler.Actors.Transport.LoopExecutorConfigurator, Pooler.Actors"</c>, with <c>loops</c>, the
/// id of a <see cref="LoopSet"/>, and <c>loop</c>, the number of the loop in it.
/// </summary>
public sealed class LoopExecutorConfigurator(Config config, IDispatcherPrerequisites prerequisites)
    : ExecutorServiceConfigurator(config, prerequisites)
{
    /// <inheritdoc/>
    public override ExecutorService Produce(string id)
    {
        var loops = LoopSet.Get(Config.GetString("loops"));
        var index = Config.GetInt("loop");
        return index >= 0 && index < loops.Count
            ? new LoopExecutor(id, loops[index])
            : throw new ArgumentException($"Dispatcher {id}: loop {index} does not exist, the set {loops.Id} has {loops.Count}.");
    }
}
