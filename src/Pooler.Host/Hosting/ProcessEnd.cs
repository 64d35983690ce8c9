namespace Pooler.Host.Hosting;

/// <summary>How the process ends.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="IsAtOnce">True if nothing is waited for: the kernel closes what is open.</param>
internal sealed record ProcessEnd(int ExitCode, bool IsAtOnce);
