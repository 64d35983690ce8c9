namespace Akka.Actor;

/// <summary>A behaviour: takes a message and says whether it was handled.</summary>
public delegate bool Receive(object message);
