namespace Pooler.Actors.Transport.Simulation;

/// <summary>How unkind a <see cref="SimulatedNetwork"/> is. Probabilities are from 0 to 1.</summary>
public sealed record SimulationOptions
{
    /// <summary>Bytes are under way for a random time up to this.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Chance that a delivery brings only a part of the bytes that are under way.</summary>
    public double SplitProbability { get; init; } = 0.4;

    /// <summary>Chance that a delivery brings one single byte.</summary>
    public double SingleByteProbability { get; init; } = 0.1;

    /// <summary>Chance that a delivery takes <see cref="StallTime"/> longer.</summary>
    public double StallProbability { get; init; }

    /// <summary>How long a stalled delivery is held up.</summary>
    public TimeSpan StallTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Chance that a delivery resets the connection instead.</summary>
    public double ResetProbability { get; init; }

    /// <summary>Smallest size of a kernel buffer: bytes that a sender may be ahead of the receiver.</summary>
    public int SmallestBuffer { get; init; } = 16;

    /// <summary>Largest size of a kernel buffer.</summary>
    public int LargestBuffer { get; init; } = 16 * 1024;
}
