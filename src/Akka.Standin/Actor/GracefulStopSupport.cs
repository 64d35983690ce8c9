namespace Akka.Actor;

/// <summary>Stopping an actor and waiting until it has stopped.</summary>
public static class GracefulStopSupport
{
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) => target.GracefulStop(timeout, PoisonPill.Instance);

    /// <returns>True when the actor has stopped; the task is cancelled when it has not in time.</returns>
    public static async Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        if (target is not LocalActorRef { IsNoActor: false } local)
        {
            return true;
        }

        ActorSystemImpl system = local.Cell.System;
        TerminationRef end = new(system.TempPath / "graceful-stop");
        local.SendSystemMessage(new Dispatch.SysMsg.Watch(end));
        target.Tell(stopMessage, ActorRefs.NoSender);
        Cancelable cancelable = new(system.Scheduler);
        system.Scheduler.Advanced.ScheduleOnce(timeout, end.Cancel, cancelable);
        try
        {
            await end.Task.ConfigureAwait(false);
            return true;
        }
        finally
        {
            cancelable.Cancel();
            local.SendSystemMessage(new Dispatch.SysMsg.Unwatch(end));
        }
    }
}
