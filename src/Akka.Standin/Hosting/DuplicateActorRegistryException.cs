namespace Akka.Hosting;

/// <summary>A key was registered twice without asking for it.</summary>
public sealed class DuplicateActorRegistryException : ActorRegistryException
{
    public DuplicateActorRegistryException(string message)
        : base(message)
    {
    }

    public DuplicateActorRegistryException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
