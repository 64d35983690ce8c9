namespace Akka.Actor;

/// <summary>Marks what is kept once per actor system.</summary>
public interface IExtension;
