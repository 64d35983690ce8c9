namespace Akka.Hosting;

/// <summary>A use of the registry that cannot be served.</summary>
public class ActorRegistryException : Exception
{
    public ActorRegistryException(string message)
        : base(message)
    {
    }

    public ActorRegistryException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
