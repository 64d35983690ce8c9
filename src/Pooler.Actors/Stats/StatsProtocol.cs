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
