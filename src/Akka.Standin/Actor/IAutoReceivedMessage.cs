namespace Akka.Actor;

/// <summary>Marks messages that every actor understands without handling them itself.</summary>
public interface IAutoReceivedMessage;
