using Akka.Actor;
using Akka.Event;

namespace Pooler.Actors.Pools;

/// <summary>Tells a pool that it is time for its maintenance, every 333 milliseconds while it has something to look after.</summary>
internal sealed class PoolSweep : INoSerializationVerificationNeeded, IDeadLetterSuppression
{
    public static readonly PoolSweep Instance = new();
}
