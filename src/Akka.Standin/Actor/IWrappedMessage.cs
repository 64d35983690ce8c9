namespace Akka.Actor;

/// <summary>Marks messages that carry another one.</summary>
public interface IWrappedMessage
{
    public object Message { get; }
}
