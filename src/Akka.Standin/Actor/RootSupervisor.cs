using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Stands above the root guardian and hears of its end.</summary>
internal sealed class RootSupervisor(ActorPath path, ActorSystemImpl system) : MinimalActorRef
{
    public override ActorPath Path => path;

    internal override void SendSystemMessage(SystemMessage message)
    {
        switch (message)
        {
            case Failed failed:
                failed.Child.Cell.Terminate();
                break;
            case DeathWatchNotification:
                system.FinishTermination();
                break;
        }
    }
}
