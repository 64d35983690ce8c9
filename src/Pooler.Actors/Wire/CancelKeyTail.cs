using System.Security.Cryptography;

namespace Pooler.Actors.Wire;

/// <summary>
/// What the cancel keys of protocol 3.2 have behind the eight bytes of a <see cref="CancelKey"/>. In the keys of clients it is derived from those eight with a secret
/// of this process: nobody else can make it, and nothing of it has to be kept. The eight stay in front as they are in protocol 3.0, because it is by them that a
/// request finds its way; the tail counts for the very eight bytes that the client was given. Any thread may call.
/// </summary>
internal static class CancelKeyTail
{
    /// <summary>Bytes of a client's tail: the process id and 32 bytes of secret make a whole key, as in PostgreSQL 18.</summary>
    public const int Size = 28;

    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);

    /// <summary>Writes the tail of a client's key.</summary>
    public static void Make(CancelKey key, Span<byte> tail)
    {
        Span<byte> bytes = stackalloc byte[CancelKey.Size];
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        key.CopyTo(bytes);
        HMACSHA256.HashData(Secret, bytes, hash);
        hash[..Size].CopyTo(tail);
    }

    /// <summary>Whether a request for <paramref name="key"/> comes with the tail that it must have: the right one if the key was given out with one, else none.</summary>
    public static bool Fits(CancelKey key, ReadOnlySpan<byte> tail, bool isLong)
    {
        if (!isLong)
        {
            return tail.IsEmpty;
        }

        Span<byte> expected = stackalloc byte[Size];
        Make(key, expected);
        return CryptographicOperations.FixedTimeEquals(expected, tail);
    }
}
