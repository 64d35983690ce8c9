namespace Pooler.Actors.Configuration;

/// <summary>A setting that the file changes but that waits for a restart: its value in force and the one in the file, as text.</summary>
public sealed record PendingSetting(string Key, string? InForce, string? InFile);
