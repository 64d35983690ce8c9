namespace Akka.Event;

/// <summary>Marks messages that may well arrive after their receiver's end and are not worth a dead letter.</summary>
public interface IDeadLetterSuppression;
