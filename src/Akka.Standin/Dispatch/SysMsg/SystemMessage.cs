using Akka.Actor;

namespace Akka.Dispatch.SysMsg;

/// <summary>
/// A message of the actor system itself; it overtakes all others. Each is sent once: it is a link of the receiver's queue while it waits.
/// </summary>
internal abstract class SystemMessage
{
    internal SystemMessage? Next { get; set; }

    /// <summary>Runs on the receiver's turn.</summary>
    internal abstract void Apply(ActorCell cell);
}
