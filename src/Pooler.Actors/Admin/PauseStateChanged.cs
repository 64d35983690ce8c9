namespace Pooler.Actors.Admin;

/// <summary>The pause or suspension of everything began or ended. Published on the event stream by the admin actor; signals depend on it.</summary>
public sealed record PauseStateChanged(bool IsPaused, bool IsSuspended);
