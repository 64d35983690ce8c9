using Akka.Actor;

namespace Pooler.Benchmarks.Standin;

/// <summary>Does nothing.</summary>
internal sealed class IdleActor : UntypedActor
{
    protected override void OnReceive(object message)
    {
    }
}
