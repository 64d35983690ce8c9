namespace Pooler.Actors.Transport;

/// <summary>
/// The side of a connection's owner that a loop talks to. Called on the loop's thread only. The implementations in the product
/// turn each signal into a message to the owning actor.
/// </summary>
public interface IConnectionOwner
{
    /// <summary>Tells the owner what happened on <paramref name="connection"/>; must return at once.</summary>
    public void Signal(Connection connection, ConnectionSignal signal);
}
