namespace Pooler.Host.Process;

/// <summary>The answer to a signal.</summary>
/// <param name="Text">The log line, level LOG.</param>
/// <param name="Action">What to do.</param>
/// <param name="FatalText">A second line, level FATAL, before leaving with exit code 1; null: none, and the exit code is 0.</param>
internal sealed record SignalDecision(string Text, SignalAction Action, string? FatalText = null)
{
    /// <summary>The exit code of <see cref="SignalAction.Exit"/>.</summary>
    public int ExitCode => FatalText is null ? 0 : 1;
}
