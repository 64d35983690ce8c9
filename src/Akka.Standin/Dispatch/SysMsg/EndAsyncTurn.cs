using Akka.Actor;

namespace Akka.Dispatch.SysMsg;

/// <summary>The end of a handler that awaits.</summary>
internal sealed class EndAsyncTurn(AsyncTurn turn, Exception? failure) : SystemMessage
{
    internal override void Apply(ActorCell cell) => cell.ReceiveEndOfAsyncTurn(turn, failure);
}
