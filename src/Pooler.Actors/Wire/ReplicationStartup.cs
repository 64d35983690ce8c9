namespace Pooler.Actors.Wire;

/// <summary>What a replication client wants of the server that is opened for it alone: it goes into that server's startup packet.</summary>
/// <param name="Mode">Physical or logical.</param>
/// <param name="Values">The tracked parameters that the client gave; the client's own, on its loop's thread.</param>
/// <param name="Options">The parameter options as it came; null: none.</param>
internal sealed record ReplicationStartup(ReplicationMode Mode, ParameterValues Values, string? Options);
