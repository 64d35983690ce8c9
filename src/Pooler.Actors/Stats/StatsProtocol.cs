namespace Pooler.Actors.Stats;

/// <summary>Asks the keeper of statistics for what averages are measured from. Answered with <see cref="StatisticsWindowAnswered"/>.</summary>
internal sealed record GetStatisticsWindow(long Id);

/// <summary>The answer to <see cref="GetStatisticsWindow"/>.</summary>
internal sealed record StatisticsWindowAnswered(long Id, StatisticsWindow Window);

/// <summary>The admin actor, as the sender, tells the keeper of statistics that it answers for the console's pool.</summary>
internal sealed record ConsolePoolJoined
{
    public static ConsolePoolJoined Instance { get; } = new();
}

/// <summary>
/// A stats_period has ended. Published on the event stream by the keeper of statistics; the process tells the service manager.
/// </summary>
/// <param name="Status">The period's averages as one line; all zero while log_stats is off.</param>
public sealed record StatisticsPublished(string Status);
