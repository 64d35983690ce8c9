namespace Pooler.Testing.Simulation;

/// <summary>A simulated run went wrong; the message has the seed by which it runs the same way again.</summary>
internal sealed class SimulationFailedException(string message) : Exception(message);
