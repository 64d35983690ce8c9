namespace Akka.Actor;

/// <summary>An actor could not be created anew: its constructor or PostRestart threw.</summary>
public class PostRestartException : ActorInitializationException
{
    public PostRestartException(IActorRef actor, Exception cause, Exception originalCause)
        : base(actor, $"Exception while restarting: {cause.GetType().Name}: {cause.Message}", cause)
    {
        OriginalCause = originalCause;
    }

    public Exception OriginalCause { get; }
}
