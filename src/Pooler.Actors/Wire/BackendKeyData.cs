namespace Pooler.Actors.Wire;

/// <summary>Reads BackendKeyData (type K): the key that cancels what this server runs.</summary>
public static class BackendKeyData
{
    /// <summary>Reads the body behind the header. Protocol 3.0 has keys of exactly eight bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out CancelKey key) => CancelKey.TryRead(body, out key);
}
