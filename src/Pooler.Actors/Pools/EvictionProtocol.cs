using Akka.Actor;
using Akka.Event;
using Pooler.Actors.Supervision;

namespace Pooler.Actors.Pools;

// How a pool that finds no place under max_db_connections or max_user_connections gets another pool's idle server closed: it asks the registry, which asks the pools concerned
// for their longest unused server and has the oldest of those closed. The place that becomes free is kept for whoever stands first in line (ServerPlaces).

/// <summary>A pool in the line for places asks the registry for a server of the database or of the user in <paramref name="Key"/>. Repeated while it waits.</summary>
internal sealed record MakeRoom(PoolKey Key, PlaceRequest Request) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

/// <summary>The registry asks a pool which server it could do without. Answered with <see cref="ServerOffered"/>.</summary>
internal sealed record OfferServer(IActorRef Asker, long Round) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

/// <summary>When the pool's longest unused server was used last, microseconds of all loops; null: none is free.</summary>
internal sealed record ServerOffered(OfferServer Question, long? LastUse) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

/// <summary>
/// The registry's choice has fallen on this pool: its longest unused server closes for <paramref name="Asker"/>, if it is still free and still needed by others; else the answer
/// is <see cref="ServerKept"/>. <paramref name="IsLast"/>: the choice has been made before, in vain.
/// </summary>
internal sealed record EvictServer(IActorRef Asker, MakeRoom Wish, bool IsLast) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

/// <summary>The server that a pool had offered is in use again, or nobody needs its place any more.</summary>
internal sealed record ServerKept(EvictServer Order) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

/// <summary>A place has been kept for the pool.</summary>
internal sealed class PlaceGranted : INoSerializationVerificationNeeded, IDeadLetterSuppression
{
    public static readonly PlaceGranted Instance = new();
}
