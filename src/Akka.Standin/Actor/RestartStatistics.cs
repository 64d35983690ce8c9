namespace Akka.Actor;

/// <summary>How often a child was restarted; kept by its supervisor from the first restart on that is limited.</summary>
internal sealed class RestartStatistics
{
    internal int Count { get; set; }

    /// <summary>Monotonic clock of the scheduler.</summary>
    internal TimeSpan WindowStart { get; set; }
}
