using Akka.Actor;

namespace Akka.Dispatch.SysMsg;

internal sealed class Watch(ActorRefBase watcher) : SystemMessage
{
    internal ActorRefBase Watcher => watcher;

    internal override void Apply(ActorCell cell) => cell.ReceiveWatch(watcher);
}
