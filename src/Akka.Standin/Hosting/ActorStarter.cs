using Akka.Actor;

namespace Akka.Hosting;

/// <summary>Starts top-level actors and registers them; the starters of a builder run in the order in which they were added.</summary>
public delegate Task ActorStarter(ActorSystem system, IActorRegistry registry);
