namespace Pooler.Actors.Transport.Simulation;

/// <summary>Gets bytes that have arrived at a scripted peer; they are valid during the call.</summary>
public delegate void SimulatedDataHandler(SimulatedPeer peer, ReadOnlySpan<byte> bytes);
