using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>The dispatcher of a system under a name, remembered where it is asked for again and again.</summary>
internal sealed record DispatcherLookup(ActorSystemImpl System, MessageDispatcher Dispatcher);
