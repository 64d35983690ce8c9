using Akka.Event;

namespace Akka.Actor;

/// <summary>Makes an actor look whether its receive timeout is due.</summary>
internal sealed class ReceiveTimeoutTick(ICancelable cancelable) : IAutoReceivedMessage, INotInfluenceReceiveTimeout, IDeadLetterSuppression
{
    internal ICancelable Cancelable => cancelable;
}
