namespace Akka.Actor;

/// <summary>A handler whose type is known at run time only.</summary>
internal sealed class UntypedHandler(Type type, Func<object, bool> handler) : MessageHandler
{
    internal override bool TryHandle(object message) => type.IsInstanceOfType(message) && handler(message);
}
