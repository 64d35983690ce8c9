namespace Akka.Dispatch;

/// <summary>Marks actors that need a mailbox with certain promises.</summary>
public interface IRequiresMessageQueue<T>
    where T : ISemantics;
