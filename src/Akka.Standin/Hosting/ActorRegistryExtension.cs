using Akka.Actor;

namespace Akka.Hosting;

/// <summary>Makes one <see cref="ActorRegistry"/> per actor system.</summary>
public sealed class ActorRegistryExtension : ExtensionIdProvider<ActorRegistry>
{
    public override ActorRegistry CreateExtension(ExtendedActorSystem system) => new();
}
