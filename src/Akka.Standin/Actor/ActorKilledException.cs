namespace Akka.Actor;

/// <summary>What <see cref="Kill"/> makes its receiver fail with.</summary>
public class ActorKilledException : AkkaException
{
    public ActorKilledException()
    {
    }

    public ActorKilledException(string message)
        : base(message)
    {
    }
}
