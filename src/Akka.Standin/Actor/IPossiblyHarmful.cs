namespace Akka.Actor;

/// <summary>Marks messages that change the receiver's life and are not to be taken from strangers.</summary>
public interface IPossiblyHarmful;
