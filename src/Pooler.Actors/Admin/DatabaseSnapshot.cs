namespace Pooler.Actors.Admin;

/// <summary>What only the pools registry knows about a database. Immutable.</summary>
/// <param name="Name">The name clients use.</param>
/// <param name="Paused">Paused by name; the pause of everything does not count.</param>
/// <param name="Disabled">New logins are refused.</param>
public sealed record DatabaseSnapshot(string Name, bool Paused = false, bool Disabled = false);
