namespace Akka.Actor;

/// <summary>Whatever takes messages.</summary>
public interface ICanTell
{
    /// <summary>Queues the message and returns at once. Any thread may call it.</summary>
    public void Tell(object message, IActorRef? sender);
}
