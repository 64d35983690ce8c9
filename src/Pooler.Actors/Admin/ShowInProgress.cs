namespace Pooler.Actors.Admin;

/// <summary>A command whose answers are being collected.</summary>
internal sealed record ShowInProgress(long Call, SnapshotParts Parts, SnapshotCollection Collection, Func<PoolerSnapshot, ConsoleReply> Make);
