using Akka.Actor;
using Pooler.Actors.Auth.Scram;
using Pooler.Actors.Cancel;
using Pooler.Actors.Configuration;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Pools;

// The public face of a pool: what clients and the console tell it and hear from it. Acquire, Lease and Released have files of their own.

/// <summary>
/// A client that has proved who it is joins the pool and waits for <see cref="Welcome"/>, unless <paramref name="IsWelcome"/> says that it has had it from the pool before its
/// restart. <paramref name="Keys"/>: what its SCRAM login gave, for logging in to the server. <paramref name="Replication"/>: it wants a server of its own, which comes
/// with the welcome; null: it shares those of the pool.
/// </summary>
internal sealed record JoinPool(Acquire Acquire, ScramKeys? Keys, bool IsWelcome = false, ReplicationStartup? Replication = null) : INoSerializationVerificationNeeded;

/// <summary>
/// What the first server of the pool reported, in its order; the client's login can end. <paramref name="Pool"/> is for reading, on the loop's thread.
/// <paramref name="Lease"/>: the server of its own that a replication client keeps, which is the one that reported this; null for everybody else.
/// </summary>
internal sealed record Welcome(PoolRecord Pool, IReadOnlyList<KeyValuePair<string, string>> Parameters, ParameterValues Tracked, Lease? Lease = null)
    : INoSerializationVerificationNeeded;

/// <summary>The server refuses logins, or none can be had: the client has to go.</summary>
internal sealed record PoolRefused(string Text, string SqlState) : INoSerializationVerificationNeeded;

/// <summary>The server of the client's lease is gone without the client's doing; the client still gives the lease back.</summary>
internal sealed record LeaseRevoked(Lease Lease, string Reason) : INoSerializationVerificationNeeded;

/// <summary>The pool was restarted: who waited has to ask again.</summary>
internal sealed class PoolRestarted : INoSerializationVerificationNeeded
{
    public static readonly PoolRestarted Instance = new();
}

/// <summary>The client has waited longer than query_wait_notify for a server.</summary>
internal sealed class StillQueued : INoSerializationVerificationNeeded
{
    public static readonly StillQueued Instance = new();
}

/// <summary>
/// The client is gone: whatever it asked for or holds comes back. <paramref name="CloseReason"/> as in <see cref="Lease.CloseReason"/>, for a lease that it had in hand.
/// </summary>
internal sealed record LeavePool(Acquire Acquire, string? CloseReason) : INoSerializationVerificationNeeded;

/// <summary>Cancels what the holder's server runs.</summary>
internal sealed record CancelLease(Lease Lease, CancelRequester Requester) : INoSerializationVerificationNeeded;

/// <summary>Asks the registry for the pool of a key, which it makes on the pool's home loop if need be. Answered with <see cref="PoolFound"/>.</summary>
internal sealed record FindPool(PoolKey Key) : INoSerializationVerificationNeeded;

/// <summary>
/// Where the pool is; null when its database is gone, or for the reason in <paramref name="Refusal"/>. It may have ended while this was on its way, as
/// <paramref name="Record"/> says on its loop's thread.
/// </summary>
internal sealed record PoolFound(IActorRef? Pool, PoolRecord? Record = null, string? Refusal = null) : INoSerializationVerificationNeeded;

/// <summary>New settings for a pool; <paramref name="Database"/> as it applies to it, <paramref name="IsDirty"/> when its servers must be replaced.</summary>
internal sealed record PoolSettingsChanged(DatabaseSettings Database, bool IsDirty) : INoSerializationVerificationNeeded;

/// <summary>Stops handing servers out and closes the idle ones; answered by <see cref="PoolReady"/> when none is in use.</summary>
internal sealed record PausePool(long Ticket) : INoSerializationVerificationNeeded;

/// <summary>Waits until no server is left that has to be replaced; answered by <see cref="PoolReady"/>.</summary>
internal sealed record AwaitReplacedServers(long Ticket) : INoSerializationVerificationNeeded;

/// <summary>What was asked with this ticket holds.</summary>
internal sealed record PoolReady(long Ticket) : INoSerializationVerificationNeeded;

/// <summary>Refuses new logins, or lets them in again.</summary>
internal sealed record SetPoolDisabled(bool IsDisabled) : INoSerializationVerificationNeeded;

/// <summary>Ends a pause.</summary>
internal sealed class ResumePool : INoSerializationVerificationNeeded
{
    public static readonly ResumePool Instance = new();
}

/// <summary>Replaces every server, each as soon as it is free.</summary>
internal sealed class ReconnectPool : INoSerializationVerificationNeeded
{
    public static readonly ReconnectPool Instance = new();
}

/// <summary>The database is gone from the settings or was killed: the pool ends, and so do its clients, who learn why.</summary>
internal sealed class DropPool : INoSerializationVerificationNeeded
{
    public static readonly DropPool Instance = new();
}

/// <summary>Turns away the clients that wait; the pooler goes down.</summary>
internal sealed class RefuseWaiters : INoSerializationVerificationNeeded
{
    public static readonly RefuseWaiters Instance = new();
}
