using Akka.Actor;

namespace Akka.Dispatch.SysMsg;

/// <summary>Replaces the receiver's instance.</summary>
internal sealed class Recreate(Exception cause) : SystemMessage
{
    internal override void Apply(ActorCell cell) => cell.ReceiveRecreate(cause);
}
