namespace Akka.Actor;

/// <summary>Whatever actors are created below.</summary>
public interface IActorRefFactory
{
    /// <summary>Creates a child. Without a name it gets one that begins with a dollar sign.</summary>
    public IActorRef ActorOf(Props props, string? name = null);

    public ActorSelection ActorSelection(ActorPath actorPath);

    public ActorSelection ActorSelection(string actorPath);
}
