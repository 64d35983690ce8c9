namespace Pooler.Actors.Transport.Simulation;

/// <summary>An address whose packets are lost: a connect neither succeeds nor fails.</summary>
internal sealed class BlackholeEndpoint : ISimulatedEndpoint
{
    /// <inheritdoc/>
    public bool Answers => false;

    /// <inheritdoc/>
    public void Offer(SimulatedEnd server, PeerAddress client, PeerAddress local) =>
        throw new InvalidOperationException("Nothing is offered to an endpoint that does not answer.");
}
