using Akka.Actor;
using Pooler.Actors.Relay;
using Pooler.Actors.Transport;

namespace Pooler.Actors.Pools;

/// <summary>
/// A server connection on loan. As a message from the pool to a client it hands the connection over: from then on that client alone reads and writes it,
/// until it gives it back once with <see cref="Released"/>. One object per server connection, used again for every loan. Same loop only.
/// </summary>
internal sealed class Lease : INoSerializationVerificationNeeded
{
    public Lease(PooledServer server, ServerLink link, IConnectionOwner serverOwner)
    {
        Server = server;
        Link = link;
        ServerOwner = serverOwner;
        Released = new Released(this);
    }

    /// <summary>The pool's own record of the server.</summary>
    public PooledServer Server { get; }

    /// <summary>The connection with its ledger.</summary>
    public ServerLink Link { get; }

    /// <summary>Who listens to the connection while nobody holds the lease.</summary>
    public IConnectionOwner ServerOwner { get; }

    /// <summary>The message by which it goes back.</summary>
    public Released Released { get; }

    /// <summary>Who holds it or is about to; null while the pool has it.</summary>
    public Acquire? Holder { get; set; }

    /// <summary>True once the holder has it in hand.</summary>
    public bool IsTaken { get; set; }

    /// <summary>Set by the holder on giving back: its session has left something in the server, which must be reset whatever the pool mode.</summary>
    public bool NeedsReset { get; set; }

    /// <summary>Set by the holder on giving back: why the server must not be used again; null: it may.</summary>
    public string? CloseReason { get; set; }

    /// <summary>
    /// Gives the lease back to the pool. The connection's signals go to its server's actor again before the pool hears of it, so that none is lost.
    /// </summary>
    public void GiveBack(IActorRef pool, IActorRef sender, string? closeReason)
    {
        CloseReason = closeReason;
        Link.Connection.Owner = ServerOwner;
        Link.Connection.ResumeReading();
        pool.Tell(Released, sender);
    }
}
