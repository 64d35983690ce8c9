namespace Akka.Actor;

/// <summary>One handler of a <see cref="ReceiveActor"/>.</summary>
internal abstract class MessageHandler
{
    /// <summary>Whether nothing that comes after it is ever asked.</summary>
    internal virtual bool TakesAll => false;

    internal abstract bool TryHandle(object message);
}
