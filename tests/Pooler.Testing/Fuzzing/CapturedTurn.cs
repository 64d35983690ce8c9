namespace Pooler.Testing.Fuzzing;

/// <summary>What one side said before the other spoke again.</summary>
internal sealed record CapturedTurn(bool IsClient, byte[] Bytes);
