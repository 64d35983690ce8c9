namespace Pooler.Actors.Admin;

/// <summary>A PAUSE with TIMEOUT has waited for as long as it may.</summary>
internal sealed record PauseTimedOut(long Id, TimeSpan Limit);
