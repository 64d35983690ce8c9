namespace Pooler.Actors.Transport;

/// <summary>What a loop tells the owner of a connection. Signals carry no bytes, and one that comes too late is harmless.</summary>
public enum ConnectionSignal
{
    /// <summary>Bytes, the end of the stream or an error wait to be received.</summary>
    Readable,

    /// <summary>Everything that was handed to <see cref="Connection.Send"/> has left for the kernel, after some of it had to wait.</summary>
    Drained,

    /// <summary>
    /// While reading is paused: the peer has closed or broken the connection. What it sent before can still be received after <see cref="Connection.ResumeReading"/>. Told once
    /// for each pause at the most.
    /// </summary>
    PeerLeft,

    /// <summary>An outgoing connection stands.</summary>
    Connected,

    /// <summary>An outgoing connection could not be made; <see cref="Connection.Error"/> says why.</summary>
    ConnectFailed,
}
