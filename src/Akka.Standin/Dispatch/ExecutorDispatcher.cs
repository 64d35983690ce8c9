using Akka.Event;

namespace Akka.Dispatch;

/// <summary>The dispatcher of all types that the configuration knows: they differ in their executor.</summary>
internal sealed class ExecutorDispatcher(string id, int throughput, EventStream eventStream, ExecutorService executor)
    : MessageDispatcher(id, throughput, eventStream, executor);
