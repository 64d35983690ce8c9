namespace Akka.Dispatch;

/// <summary>A queue that takes messages at its head too, as a stash needs it.</summary>
public interface IDequeBasedMessageQueueSemantics : ISemantics;
