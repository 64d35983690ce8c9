namespace Pooler.Actors.Wire;

/// <summary>Reads BackendKeyData (type K): the key that cancels what this server runs.</summary>
public static class BackendKeyData
{
    /// <summary>
    /// Reads the body behind the header. Protocol 3.0 has keys of eight bytes, but whatever a server gives is what it wants back: how long it is, is up to it.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out CancelKey key, out ReadOnlySpan<byte> tail) => CancelKey.TryRead(body, out key, out tail);
}
