namespace Akka.Actor;

/// <summary>Something was asked of an actor that its state forbids.</summary>
public class IllegalActorStateException : AkkaException
{
    public IllegalActorStateException(string message)
        : base(message)
    {
    }
}
