namespace Pooler.Actors.Transport;

/// <summary>
/// A non-blocking stream connection (TCP or unix socket, real or simulated) that lives on one <see cref="Loop"/> and has one owner.
/// Every member is called on that loop's thread. An idle connection holds no buffer: received bytes lie in the loop's
/// buffer, and only sent bytes that the kernel did not take are kept here.
/// </summary>
public abstract class Connection
{
    /// <summary>Who is told of signals. Handing a connection over is: set the new owner, send the message, touch it no more.</summary>
    public IConnectionOwner? Owner { get; set; }

    /// <summary>The loop whose thread serves this connection.</summary>
    public abstract Loop Loop { get; }

    /// <summary>The other end: for unix sockets its pid and uid are known as well.</summary>
    public abstract PeerAddress Remote { get; }

    /// <summary>This end.</summary>
    public abstract PeerAddress Local { get; }

    /// <summary>False once closed by either <see cref="Close"/> or a finished <see cref="CloseAfterFlush"/>.</summary>
    public abstract bool IsOpen { get; }

    /// <summary>The operating system's text of the last failure, like "Connection refused"; null while nothing failed.</summary>
    public abstract string? Error { get; }

    /// <summary>The connection failed on this machine, before anything was sent: no descriptor, no such socket.</summary>
    public virtual bool HasFailedAtOnce => false;

    /// <summary>Bytes taken over by <see cref="Send"/> that have not left for the kernel yet.</summary>
    public abstract int Unsent { get; }

    /// <summary>
    /// Gives the bytes that are there, at most the size of the loop's receive buffer. They are valid until the next receive on the
    /// same loop. The caller that gets fewer bytes than that size may stop: a signal follows when more come.
    /// </summary>
    public abstract ReceiveStatus Receive(out ReadOnlySpan<byte> bytes);

    /// <summary>
    /// Takes the bytes over: what the kernel does not accept at once is copied and sent later, in order, and
    /// <see cref="ConnectionSignal.Drained"/> follows. A caller that relays stops reading its source while <see cref="Unsent"/> is not 0.
    /// A broken connection swallows the bytes; the failure shows in the next <see cref="Receive"/>.
    /// </summary>
    public abstract void Send(ReadOnlySpan<byte> bytes);

    /// <summary>
    /// Stops <see cref="ConnectionSignal.Readable"/> until <see cref="ResumeReading"/>: the kernel's window closes, the peer is held back. One that
    /// leaves meanwhile is told of by <see cref="ConnectionSignal.PeerLeft"/>.
    /// </summary>
    public abstract void PauseReading();

    /// <summary>Ends <see cref="PauseReading"/>; bytes that wait are signalled again.</summary>
    public abstract void ResumeReading();

    /// <summary>Closes now. Unsent bytes are dropped. No signal follows. Harmless when closed already.</summary>
    public abstract void Close();

    /// <summary>Sends what is unsent, half-closes, then closes; bounded by a few seconds when the peer does not read. No signal follows.</summary>
    public abstract void CloseAfterFlush();

    /// <summary>
    /// Takes the connection off its loop for good so that <see cref="Loop.Attach"/> of another loop can take it on. Called on the old loop's thread;
    /// nothing may be unsent.
    /// </summary>
    public abstract void Detach();
}
