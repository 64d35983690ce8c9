namespace Pooler.Actors.Transport.Simulation;

/// <summary>Something at an address that connections are offered to.</summary>
internal interface ISimulatedEndpoint
{
    /// <summary>False when connects are neither accepted nor refused.</summary>
    public bool Answers { get; }

    /// <summary>Takes the server's end of a new connection.</summary>
    public void Offer(SimulatedEnd server, PeerAddress client, PeerAddress local);
}
