using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>The reference to an actor of this process. It outlives the actor; its cell then has no user object left.</summary>
internal sealed class LocalActorRef : ActorRefBase, IActorRef
{
    internal LocalActorRef(ActorPath path)
    {
        Path = path;
    }

    public override ActorPath Path { get; }

    /// <summary>Set right after construction, before anybody else sees the reference.</summary>
    internal ActorCell Cell { get; set; } = null!;

    internal bool IsNoActor => Cell is null;

    internal override bool IsGone => Cell.IsTerminated;

    void ICanTell.Tell(object message, IActorRef? sender)
    {
        if (message is null)
        {
            throw new InvalidMessageException("Message is null.");
        }

        Cell.Post(message, sender);
    }

    public override int GetHashCode() => Path.Uid.GetHashCode();

    internal override void SendSystemMessage(SystemMessage message) => Cell.PostSystem(message);

    protected override void TellInternal(object message, IActorRef sender) => Cell.Post(message, sender);
}
