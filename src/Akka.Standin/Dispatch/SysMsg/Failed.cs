using Akka.Actor;

namespace Akka.Dispatch.SysMsg;

/// <summary>Tells a supervisor that its child failed and waits for a decision.</summary>
internal sealed class Failed(LocalActorRef child, Exception cause) : SystemMessage
{
    internal LocalActorRef Child => child;

    internal Exception Cause => cause;

    internal override void Apply(ActorCell cell) => cell.ReceiveFailed(child, cause);
}
