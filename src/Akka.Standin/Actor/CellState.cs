namespace Akka.Actor;

/// <summary>Where an actor is in its life.</summary>
[Flags]
internal enum CellState
{
    None = 0,

    /// <summary>The instance was asked for once; a later run does not ask again.</summary>
    Started = 1,

    /// <summary>The constructor of the instance runs.</summary>
    Producing = 2,

    /// <summary>It failed and waits for its supervisor.</summary>
    Failed = 4,

    /// <summary>It waits for children to stop before its instance is replaced.</summary>
    Recreating = 8,

    /// <summary>It waits for children to stop before it stops itself.</summary>
    Terminating = 16,

    Terminated = 32,

    /// <summary>Its class replaces AroundReceive, so a behaviour goes through that method.</summary>
    OverridesAroundReceive = 64,

    /// <summary>It subscribed to the event stream and has to be taken out at its end.</summary>
    Subscribed = 128,

    /// <summary>The message in hand failed; it stays in hand until the supervisor has decided.</summary>
    KeepsInHand = 256,
}
