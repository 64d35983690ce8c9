namespace Pooler.Host.Process;

/// <summary>Says what a signal means in the state that the pooler is in. Pure.</summary>
internal static class SignalPolicy
{
    public static SignalDecision Decide(PoolerSignal signal, PoolerActivity activity) => signal switch
    {
        PoolerSignal.Hangup => new("got SIGHUP, re-reading config", SignalAction.Reload),
        PoolerSignal.Quit => new("got SIGQUIT, fast exit", SignalAction.Exit),
        PoolerSignal.Interrupt => ShutDown(
            "SIGINT",
            "waiting for all servers connections to be released",
            SignalAction.ShutDownAfterServers,
            activity),
        PoolerSignal.Terminate => ShutDown("SIGTERM", "waiting for all clients disconnect", SignalAction.ShutDownAfterClients, activity),
        PoolerSignal.User1 => activity.IsPaused || activity.IsSuspended
            ? new("got SIGUSR1, but already paused/suspended", SignalAction.None)
            : new("got SIGUSR1, pausing all activity", SignalAction.Pause),
        _ => Continue(activity),
    };

    private static SignalDecision ShutDown(string name, string waitsFor, SignalAction action, PoolerActivity activity)
    {
        if (activity.IsShuttingDown)
        {
            return new($"got {name} while shutting down, fast exit", SignalAction.Exit);
        }

        string text = $"got {name}, shutting down, {waitsFor}";
        return activity.IsSuspended
            ? new(text, SignalAction.Exit, "suspend was in progress, going down immediately")
            : new(text, action);
    }

    private static SignalDecision Continue(PoolerActivity activity)
    {
        if (activity.IsShuttingDown)
        {
            return new("got SIGUSR2 while shutting down, ignoring", SignalAction.None);
        }

        if (activity.IsSuspended)
        {
            return new("got SIGUSR2, continuing from SUSPEND", SignalAction.Resume);
        }

        return activity.IsPaused
            ? new("got SIGUSR2, continuing from PAUSE", SignalAction.Resume)
            : new("got SIGUSR2, but not paused/suspended", SignalAction.None);
    }
}
