namespace Pooler.Actors.Transport;

/// <summary>A listening socket on one loop. Called on that loop's thread.</summary>
public abstract class Listener
{
    public abstract PeerAddress Local { get; }

    /// <summary>Sets TCP_DEFER_ACCEPT on a TCP listener while it listens; nothing on a unix socket.</summary>
    public abstract void SetDeferAccept(bool on);

    /// <summary>Gives connections accepted from now on other options.</summary>
    public abstract void SetOptions(SocketOptions options);

    /// <summary>Stops accepting for a while (SUSPEND); connections wait in the backlog.</summary>
    public abstract void Pause();

    /// <summary>Accepts again after <see cref="Pause"/>.</summary>
    public abstract void Resume();

    /// <summary>Closes the socket and removes a unix socket's file.</summary>
    public abstract void Close();
}
