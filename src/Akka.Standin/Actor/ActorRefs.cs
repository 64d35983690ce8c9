namespace Akka.Actor;

/// <summary>References that stand for nobody.</summary>
public static class ActorRefs
{
    public static readonly Nobody Nobody = new();

    /// <summary>Says that nobody waits for an answer; the receiver sees the dead letters as its sender.</summary>
    public static readonly IActorRef NoSender = null!;
}
