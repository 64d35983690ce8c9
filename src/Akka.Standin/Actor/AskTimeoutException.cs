namespace Akka.Actor;

/// <summary>Nobody answered in time.</summary>
public class AskTimeoutException : AkkaException
{
    public AskTimeoutException(string message)
        : base(message)
    {
    }
}
