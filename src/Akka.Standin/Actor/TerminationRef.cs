using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>A watcher that is a task.</summary>
internal sealed class TerminationRef(ActorPath path) : MinimalActorRef
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override ActorPath Path => path;

    internal Task Task => _ended.Task;

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    internal void Cancel() => _ended.TrySetCanceled();

    internal override void SendSystemMessage(SystemMessage message)
    {
        if (message is DeathWatchNotification)
        {
            _ended.TrySetResult();
        }
    }
}
