using Akka.Actor;

namespace Akka.Hosting;

/// <summary>Work for once the system runs: after all <see cref="ActorStarter"/>s.</summary>
public delegate Task StartupTask(ActorSystem system, IActorRegistry registry);
