using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.Event;

/// <summary>Tells a cell that its actor has subscribed and has to be taken out at its end.</summary>
internal sealed class NoteSubscription : SystemMessage
{
    internal override void Apply(ActorCell cell) => cell.MarkSubscribed();
}
