namespace Pooler.Actors.Transport.Simulation;

/// <summary>A test's server: each connection becomes a <see cref="SimulatedPeer"/>.</summary>
internal sealed class ScriptedEndpoint(SimulatedNetwork network, Action<SimulatedPeer> accepted) : ISimulatedEndpoint
{
    /// <inheritdoc/>
    public bool Answers => true;

    /// <inheritdoc/>
    public void Offer(SimulatedEnd server, PeerAddress client, PeerAddress local)
    {
        var peer = new SimulatedPeer(server, client, local, isConnected: true);
        try
        {
            accepted(peer);

            // The client may have gone before this server heard of it.
            ((ISimulatedEndUser)peer).Readable();
        }
        catch (Exception exception)
        {
            network.Failures.Enqueue(exception);
        }
    }
}
