namespace Pooler.Actors.Transport.Epoll;

/// <summary>The life of a <see cref="SocketConnection"/>.</summary>
internal enum ConnectionState : byte
{
    /// <summary>The kernel works on an outgoing connection.</summary>
    Connecting,

    /// <summary>Both directions can be used.</summary>
    Open,

    /// <summary>The owner has gone; what is unsent leaves first.</summary>
    Flushing,

    /// <summary>The descriptor is closed.</summary>
    Closed,
}
