using Akka.Event;

namespace Akka.Actor;

/// <summary>How an actor answers the failures of its children. One strategy may serve many actors.</summary>
public abstract class SupervisorStrategy
{
    public static readonly OneForOneStrategy StoppingStrategy = new(_ => Directive.Stop);

    public static readonly SupervisorStrategy DefaultStrategy = new OneForOneStrategy(Decide);

    private protected SupervisorStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider, bool loggingEnabled)
    {
        ArgumentNullException.ThrowIfNull(decider);
        MaxRetries = maxNrOfRetries ?? -1;
        Window = withinTimeRange is { } range && range > TimeSpan.Zero ? range : null;
        GivenDecider = decider;
        LoggingEnabled = loggingEnabled;
    }

    public abstract IDecider Decider { get; }

    protected bool LoggingEnabled { get; set; }

    /// <summary>Restarts allowed to one child within the window; negative: no limit.</summary>
    internal int MaxRetries { get; }

    internal TimeSpan? Window { get; }

    /// <summary>Called on the supervisor's turn after the failed child was suspended.</summary>
    /// <returns>False when the supervisor has to fail itself.</returns>
    internal bool HandleFailure(ActorCell supervisor, LocalActorRef child, Exception cause)
    {
        Directive directive = Handle(child, cause);
        switch (directive)
        {
            case Directive.Resume:
                LogFailureOf(supervisor, child, cause, directive);
                child.Cell.Resume(cause);
                return true;
            case Directive.Restart:
            case Directive.Stop:
                LogFailureOf(supervisor, child, cause, directive);
                Process(supervisor, directive == Directive.Restart, child, cause);
                return true;
            default:
                LogFailureOf(supervisor, child, cause, directive);
                return false;
        }
    }

    protected abstract Directive Handle(IActorRef child, Exception exception);

    internal abstract void Process(ActorCell supervisor, bool restart, LocalActorRef child, Exception cause);

    private protected IDecider GivenDecider { get; }

    private static Directive Decide(Exception cause) =>
        cause is ActorInitializationException or ActorKilledException or DeathPactException ? Directive.Stop : Directive.Restart;

    private void LogFailureOf(ActorCell supervisor, LocalActorRef child, Exception cause, Directive directive)
    {
        if (!LoggingEnabled)
        {
            return;
        }

        Exception told = cause is ActorInitializationException { InnerException: { } inner } ? inner : cause;
        Type source = child.Cell.ActorType;
        string path = child.Path.ToString();
        switch (directive)
        {
            case Directive.Resume:
                supervisor.System.EventStream.Publish(new Warning(path, source, told.Message));
                break;
            case Directive.Escalate:
                // The actor that stops the way up logs it.
                break;
            default:
                supervisor.System.EventStream.Publish(new Error(cause, path, source, told.Message));
                break;
        }
    }
}
