namespace Pooler.Actors.Transport.Simulation;

/// <summary>Who reads and writes one end of a simulated connection.</summary>
internal interface ISimulatedEndUser
{
    /// <summary>Bytes, the end of the stream or a reset have arrived.</summary>
    public void Readable();

    /// <summary>There is room again after a write that was cut short.</summary>
    public void Writable();
}
