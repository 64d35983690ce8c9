using Akka.Actor;

namespace Akka.Dispatch.SysMsg;

internal sealed class Unwatch(ActorRefBase watcher) : SystemMessage
{
    internal override void Apply(ActorCell cell) => cell.ReceiveUnwatch(watcher);
}
