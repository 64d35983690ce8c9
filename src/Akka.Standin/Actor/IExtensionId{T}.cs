namespace Akka.Actor;

/// <summary>Makes and finds an extension of a known type.</summary>
public interface IExtensionId<out T> : IExtensionId
    where T : IExtension
{
    public new T Apply(ActorSystem system);

    public new T Get(ActorSystem system);

    public new T CreateExtension(ExtendedActorSystem system);
}
