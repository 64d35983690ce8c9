using Akka.Actor;
using Akka.Event;

namespace Pooler.Actors.Pools;

// How a pool that nobody needs ends without losing a client that is just about to join. The pool decides on its loop's thread, on which its clients live too: it strikes itself
// from the loop's list, so that nobody finds it there any more, and tells the registry, whose answer is the last message of all that could have been on their way to it.
// Clients that have joined by then, unseen, are told to ask again.

/// <summary>Told to a client whose pool has ended before it could join: it asks for a pool again.</summary>
internal sealed class PoolRetired : INoSerializationVerificationNeeded, IDeadLetterSuppression
{
    public static readonly PoolRetired Instance = new();
}

/// <summary>The registry asks the pool to end if it is empty.</summary>
internal sealed class RetirePool : INoSerializationVerificationNeeded, IDeadLetterSuppression
{
    public static readonly RetirePool Instance = new();
}

/// <summary>The pool is empty and takes nobody in any more. Answered with <see cref="StopPool"/>.</summary>
internal sealed record PoolEnding(PoolKey Key) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

/// <summary>Nothing comes any more: the pool stops.</summary>
internal sealed class StopPool : INoSerializationVerificationNeeded, IDeadLetterSuppression
{
    public static readonly StopPool Instance = new();
}

/// <summary>A pool of an automatic database has become empty, or is so no more.</summary>
internal sealed record PoolActivity(PoolKey Key, bool IsActive) : INoSerializationVerificationNeeded, IDeadLetterSuppression;
