namespace Akka.Actor;

/// <summary>The clocks of a scheduler.</summary>
public interface ITimeProvider
{
    public DateTimeOffset Now { get; }

    /// <summary>Time since some fixed moment; never goes back.</summary>
    public TimeSpan MonotonicClock { get; }

    public TimeSpan HighResMonotonicClock { get; }
}
