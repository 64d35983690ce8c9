namespace Akka.Actor;

/// <summary>Makes and finds an extension.</summary>
public interface IExtensionId
{
    public Type ExtensionType { get; }

    public object Apply(ActorSystem system);

    public object Get(ActorSystem system);

    public object CreateExtension(ExtendedActorSystem system);
}
