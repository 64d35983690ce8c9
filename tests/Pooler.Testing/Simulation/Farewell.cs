namespace Pooler.Testing.Simulation;

/// <summary>How a session at the console ends.</summary>
internal enum Farewell
{
    Terminate,
    Close,
    Reset,
}
