using Akka.Actor;

namespace Pooler.Actors.Pools;

/// <summary>The lease comes back to its pool; see <see cref="Pools.Lease.CloseReason"/>.</summary>
internal sealed class Released(Lease lease) : INoSerializationVerificationNeeded
{
    public Lease Lease { get; } = lease;
}
