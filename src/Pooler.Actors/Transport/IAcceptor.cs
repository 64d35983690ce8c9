namespace Pooler.Actors.Transport;

/// <summary>Who gets the accepted connections of a listener. Called on the listener's loop.</summary>
public interface IAcceptor
{
    /// <summary>A new connection, not attached to any loop yet: give it to <see cref="Loop.Attach"/> of the loop that shall serve it.</summary>
    public void Accepted(Connection connection);

    /// <summary>
    /// Accepting failed for want of descriptors or memory (EMFILE, ENFILE, ENOBUFS, ENOMEM) and pauses for <paramref name="pause"/>; said once per
    /// pause, everything else goes on.
    /// </summary>
    public void AcceptPaused(string error, TimeSpan pause);
}
