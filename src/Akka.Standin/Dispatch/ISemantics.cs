namespace Akka.Dispatch;

/// <summary>What a mailbox promises.</summary>
public interface ISemantics;
