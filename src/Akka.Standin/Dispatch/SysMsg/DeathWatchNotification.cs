using Akka.Actor;

namespace Akka.Dispatch.SysMsg;

/// <summary>Tells parent and watchers that an actor has stopped.</summary>
internal sealed class DeathWatchNotification(IActorRef actor, bool existenceConfirmed) : SystemMessage
{
    internal IActorRef Actor => actor;

    internal override void Apply(ActorCell cell) => cell.ReceiveDeathWatchNotification(actor, existenceConfirmed);
}
