namespace Akka.Actor;

/// <summary>The actor above all: stops /system when /user has stopped, and itself after that. It starts with the first news of one of them.</summary>
internal sealed class RootGuardian : UntypedActor
{
    protected override SupervisorStrategy SupervisorStrategy() => Actor.SupervisorStrategy.StoppingStrategy;

    protected override void PreStart()
    {
        Context.Watch(Cell.System.UserGuardian);
        Context.Watch(Cell.System.SystemGuardian);
    }

    protected override void OnReceive(object message)
    {
        if (message is not Terminated terminated)
        {
            Unhandled(message);
        }
        else if (terminated.ActorRef.Equals(Cell.System.UserGuardian))
        {
            // A failure that nobody below could answer ends here too.
            Context.Stop(Cell.System.SystemGuardian);
        }
        else
        {
            Context.Stop(Self);
        }
    }
}
