namespace Akka.Actor;

/// <summary>A handler that says itself whether it took the message.</summary>
internal sealed class DecidingHandler<T>(Func<T, bool> handler) : MessageHandler
{
    internal override bool TryHandle(object message) => message is T typed && handler(typed);
}
