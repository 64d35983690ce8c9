namespace Pooler.Actors.Supervision;

// The public face of the root: what the host tells it and hears from it. ShutdownRequested is in Pooler.Actors.Admin.

/// <summary>Starts everything below the root. Answered with <see cref="PoolerStarted"/> or <see cref="PoolerStartFailed"/>.</summary>
public sealed class StartPooler
{
    public static readonly StartPooler Instance = new();
}

/// <summary>The pooler listens.</summary>
public sealed class PoolerStarted
{
    public static readonly PoolerStarted Instance = new();
}

/// <summary>The pooler cannot start; <paramref name="FatalText"/> is the line to end with.</summary>
public sealed record PoolerStartFailed(string FatalText);
