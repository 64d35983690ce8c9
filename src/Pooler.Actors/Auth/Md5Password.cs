using System.Security.Cryptography;
using System.Text;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Auth;

/// <summary>
/// MD5 passwords (PostgreSQL, section 55.2.1): "md5" and the hex MD5 of the stored hash's hex digits and the salt, where the stored hash is the
/// MD5 of password and name.
/// </summary>
internal static class Md5Password
{
    /// <summary>Bytes of the salt in AuthenticationMD5Password.</summary>
    public const int SaltSize = 4;

    private const int PrefixLength = 3;

    /// <summary>The stored form: "md5" and 32 hex digits.</summary>
    public static string Hash(ReadOnlySpan<byte> password, string user) => "md5" + HexOfTwo(password, WireText.Encode(user));

    /// <summary>The answer to a challenge, from the stored form.</summary>
    public static byte[] Answer(string stored, ReadOnlySpan<byte> salt) =>
        Encoding.ASCII.GetBytes("md5" + HexOfTwo(Encoding.ASCII.GetBytes(stored[PrefixLength..]), salt));

    private static string HexOfTwo(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        // MD5 is what the protocol prescribes for this method.
#pragma warning disable CA5351
        return Convert.ToHexStringLower(MD5.HashData((byte[])[.. first, .. second]));
#pragma warning restore CA5351
    }
}
