namespace Pooler.Actors.Wire;

/// <summary>
/// Which version of protocol 3 a client gets. PostgreSQL 18's rule: a newer minor than the newest known one is answered with that one. There is no 3.1, and
/// programs that speak of it mean 3.0.
/// </summary>
internal static class ProtocolNegotiation
{
    /// <summary>The version that is spoken with a client that asks for <paramref name="requested"/>.</summary>
    public static int VersionFor(int requested) => requested >= ProtocolCode.Version32 ? ProtocolCode.Version32 : ProtocolCode.Version3;

    /// <summary>Whether the client has to be told, because it does not get all that it asks for.</summary>
    public static bool IsNeeded(int requested, IReadOnlyList<string> unsupportedOptions) =>
        VersionFor(requested) != requested || unsupportedOptions.Count > 0;
}
