namespace Pooler.Testing.Simulation;

/// <summary>What a scripted client waits for before it goes on.</summary>
/// <param name="Answers">Everything that its requests so far have to be answered with.</param>
/// <param name="Time">A time of the virtual clock, microseconds.</param>
internal readonly record struct Pause(bool Answers, int Time)
{
    internal static readonly Pause ForAnswers = new(true, 0);

    internal static Pause For(int microseconds) => new(false, microseconds);
}
