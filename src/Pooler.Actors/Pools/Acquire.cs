using Akka.Actor;

namespace Pooler.Actors.Pools;

/// <summary>
/// A client's wish for a server, and its place in the queue of the pool. Each client has one and uses it again for every transaction, so that
/// asking allocates nothing. While <see cref="IsQueued"/> or a lease is out it belongs to the pool. Same loop only.
/// </summary>
internal sealed class Acquire(IActorRef client, long socketId) : INoSerializationVerificationNeeded
{
    /// <summary>Who asks; gets the <see cref="Lease"/>.</summary>
    public IActorRef Client { get; } = client;

    /// <summary>The number of the client's socket.</summary>
    public long SocketId { get; } = socketId;

    /// <summary>When the client asked, microseconds of the loop.</summary>
    public long Since { get; set; }

    /// <summary>The lease that the client holds or that is on its way to it.</summary>
    public Lease? Granted { get; set; }

    /// <summary>True while it stands in the queue.</summary>
    public bool IsQueued { get; set; }

    /// <summary>The client cannot take a server for now, since SUSPEND has stopped it: nobody is served before it, and it keeps its place.</summary>
    public bool IsOnHold { get; set; }

    /// <summary>True once the client has been told that it waits.</summary>
    public bool WasNotified { get; set; }

    /// <summary>Neighbours in the queue; the queue's alone.</summary>
    public Acquire? Next { get; set; }

    /// <inheritdoc cref="Next"/>
    public Acquire? Previous { get; set; }
}
