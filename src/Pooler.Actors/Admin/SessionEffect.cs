namespace Pooler.Actors.Admin;

/// <summary>A change in the session that gave a command; part of the command's answer.</summary>
/// <param name="Kind">What changes.</param>
/// <param name="Name">The prepared statement.</param>
internal readonly record struct SessionEffect(SessionEffectKind Kind, string Name = "");
