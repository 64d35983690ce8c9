using Akka.Actor;

namespace Akka.Dispatch.SysMsg;

/// <summary>The next step of a handler that awaits.</summary>
internal sealed class RunContinuation(AsyncTurn turn, SendOrPostCallback callback, object? state) : SystemMessage
{
    internal override void Apply(ActorCell cell) => cell.ReceiveContinuation(turn, callback, state);
}
