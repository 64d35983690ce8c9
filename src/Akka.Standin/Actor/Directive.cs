namespace Akka.Actor;

/// <summary>What a supervisor does with a child that failed.</summary>
public enum Directive
{
    /// <summary>It goes on with its state as it is.</summary>
    Resume = 0,

    /// <summary>A new instance takes its place behind the same reference.</summary>
    Restart = 1,

    /// <summary>The supervisor itself fails with the same cause.</summary>
    Escalate = 2,

    /// <summary>It is stopped for good.</summary>
    Stop = 3,
}
