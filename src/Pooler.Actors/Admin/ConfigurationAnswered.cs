namespace Pooler.Actors.Admin;

/// <summary>The settings' actor has answered for the command of this call. null: it did not answer.</summary>
internal sealed record ConfigurationAnswered(long Call, string Tag, object? Answer);
