using Akka.Actor;

namespace Akka.Dispatch.SysMsg;

/// <summary>Stands at the head of the queue of a cell that takes no more system messages.</summary>
internal sealed class ClosedQueue : SystemMessage
{
    internal static readonly ClosedQueue Instance = new();

    internal override void Apply(ActorCell cell)
    {
    }
}
