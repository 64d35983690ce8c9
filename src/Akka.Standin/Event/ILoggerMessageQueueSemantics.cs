using Akka.Dispatch;

namespace Akka.Event;

/// <summary>The queue that a logger's mailbox has to have.</summary>
public interface ILoggerMessageQueueSemantics : ISemantics;
