using Akka.Event;

namespace Akka.Actor;

/// <summary>A timer and, in the mailbox, the news that it is due.</summary>
internal sealed class TimerMessage(TimerScheduler owner, object key, object message, bool repeats, ICancelable cancelable)
    : IAutoReceivedMessage, INotInfluenceReceiveTimeout, IDeadLetterSuppression
{
    internal object Key => key;

    internal bool Repeats => repeats;

    internal ICancelable Cancelable => cancelable;

    internal void Deliver(ActorCell cell)
    {
        if (owner.Take(this))
        {
            cell.Invoke(message);
        }
    }
}
