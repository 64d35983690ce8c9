using Akka.Actor;
using Akka.Event;
using Pooler.Actors.Supervision;
using Pooler.Actors.Transport;

namespace Pooler.Actors.Clients;

/// <summary>
/// A socket that a reception keeps until its startup packet is whole, or until its cancel request is done. It has no actor of its own: as a message it tells the reception that
/// something happened to it. Same loop only.
/// </summary>
internal sealed class PendingSocket(IActorRef reception, long id, Connection connection, long connectStart, DateTimeOffset connectTime)
    : IConnectionOwner, INoSerializationVerificationNeeded, IDeadLetterSuppression
{
    /// <summary>The number of the socket.</summary>
    public long Id { get; } = id;

    public Connection Connection { get; } = connection;

    /// <summary>When it was accepted, microseconds of the loop.</summary>
    public long ConnectStart { get; } = connectStart;

    /// <summary>When it was accepted.</summary>
    public DateTimeOffset ConnectTime { get; } = connectTime;

    /// <summary>What has come of a packet that is not whole yet; null: nothing.</summary>
    public byte[]? Buffer { get; set; }

    /// <summary>Bytes in <see cref="Buffer"/>.</summary>
    public int Length { get; set; }

    /// <summary>What it counts as once its startup packet is there.</summary>
    public ClientPlace? Place { get; set; }

    /// <summary>Its cancel request is under way since this time, microseconds of the loop; 0: none is.</summary>
    public long CancelStart { get; set; }

    /// <summary>Loops that have not answered whose key it is.</summary>
    public int AwaitedLoops { get; set; }

    public void Signal(Connection connection, ConnectionSignal signal)
    {
        if (signal == ConnectionSignal.Readable)
        {
            reception.Tell(this, ActorRefs.NoSender);
        }
    }
}
