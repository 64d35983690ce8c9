namespace Akka.Event;

/// <summary>Stands for the class of log sources that are plain texts.</summary>
public class DummyClassForStringSources;
