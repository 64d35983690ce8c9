using Akka.Actor;

namespace Akka.Dispatch.SysMsg;

/// <summary>Ends a suspension; with a cause when it answers the receiver's own failure.</summary>
internal sealed class Resume(Exception? causedByFailure) : SystemMessage
{
    internal override void Apply(ActorCell cell) => cell.ReceiveResume(causedByFailure);
}
