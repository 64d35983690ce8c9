namespace Pooler.Actors.Admin;

/// <summary>The time for a collection of snapshots is over. Sent by an actor's timer to itself.</summary>
internal sealed record CollectionTimedOut(long Id);
